import { describe, expect, test } from '@jest/globals';
import { constraintsFrom, type GroupFeedback } from '../../../src/alerts';
import { toTimestamp } from '../../../src/contracts';
import { alertAt } from '../consolidate/place';

const at = (minute: number): string => toTimestamp(Date.UTC(2026, 5, 2, 10, minute));
const [db, shop, web, smtp, mail] = [
  alertAt(0, 'db', 'Down'),
  alertAt(2, 'shop', 'Slow'),
  alertAt(3, 'web', 'Errors'),
  alertAt(4, 'smtp', 'Down'),
  alertAt(30, 'mail', 'Slow'),
] as const;

/** Pairs as `service/name`, sorted. */
function pairs(given: readonly { readonly a: string; readonly b: string }[]): string[] {
  const short = (key: string): string =>
    key.startsWith('kind ') ? (JSON.parse(key.slice(5)) as string[]).join('/') : key;
  return given.map(({ a, b }) => `${short(a)} ${short(b)}`).sort();
}

describe('constraints from feedback', () => {
  test('a confirmed group is kept together', () => {
    const { mustLink, cannotLink } = constraintsFrom([
      { kind: 'confirm', at: at(0), members: [db, shop, web] },
    ]);
    expect(pairs(mustLink)).toEqual(['db/Down shop/Slow', 'db/Down web/Errors', 'shop/Slow web/Errors']);
    expect(cannotLink).toEqual([]);
  });

  test('merged groups are tied to each other', () => {
    const { mustLink } = constraintsFrom([{ kind: 'merge', at: at(0), members: [db, shop], other: [smtp] }]);
    expect(pairs(mustLink)).toEqual(['db/Down shop/Slow', 'db/Down smtp/Down', 'shop/Slow smtp/Down']);
  });

  test('what does not belong is kept apart from the rest, and the rest together', () => {
    const { mustLink, cannotLink } = constraintsFrom([
      { kind: 'split', at: at(0), members: [db, shop, smtp], apart: [smtp] },
    ]);
    expect(pairs(mustLink)).toEqual(['db/Down shop/Slow']);
    expect(pairs(cannotLink)).toEqual(['db/Down smtp/Down', 'shop/Slow smtp/Down']);
  });

  test('a split between instances of one kind of alert goes by their conditions', () => {
    const [one, two] = [
      alertAt(0, 'db', 'Down', { resource: 'eu' }),
      alertAt(0, 'db', 'Down', { resource: 'us' }),
    ];
    const { cannotLink } = constraintsFrom([{ kind: 'split', at: at(0), members: [one, two], apart: [two] }]);
    expect(pairs(cannotLink)).toEqual(['fingerprint db Down eu fingerprint db Down us']);
  });

  test('a wrong cause says nothing of what belongs together', () => {
    expect(constraintsFrom([{ kind: 'wrong-cause', at: at(0), members: [db, shop] }])).toEqual({
      mustLink: [],
      cannotLink: [],
    });
  });

  test('the newest opinion on a pair holds, in whatever order opinions come, and stands first', () => {
    const said: GroupFeedback[] = [
      { kind: 'confirm', at: at(5), members: [db, shop] },
      { kind: 'split', at: at(1), members: [db, shop, web], apart: [shop] },
      { kind: 'confirm', at: at(3), members: [smtp, mail] },
    ];
    const { mustLink, cannotLink } = constraintsFrom(said);
    expect(constraintsFrom(said.toReversed())).toEqual({ mustLink, cannotLink });
    expect(pairs(cannotLink)).toEqual(['shop/Slow web/Errors']);
    expect(pairs(mustLink.slice(0, 1))).toEqual(['db/Down shop/Slow']);
  });

  test('a pair counts as far apart in time as it was seen, with slack, and at least half an hour', () => {
    const { mustLink } = constraintsFrom([{ kind: 'merge', at: at(0), members: [db], other: [shop, mail] }]);
    const within = new Map(mustLink.map(({ a, b, withinMinutes }) => [`${a} ${b}`, withinMinutes]));
    expect(within.get('kind ["db","Down"] kind ["mail","Slow"]')).toBe(45);
    expect(within.get('kind ["db","Down"] kind ["shop","Slow"]')).toBe(30);
  });

  test('pairs grow with the members, not with their square', () => {
    const members = Array.from({ length: 5000 }, (_, number) => alertAt(number / 100, `s${number}`, 'Slow'));
    const confirmed = constraintsFrom([{ kind: 'confirm', at: at(0), members }]);
    expect(confirmed.mustLink.length).toBeLessThan(4 * members.length);
    const split = constraintsFrom([{ kind: 'split', at: at(0), members, apart: members.slice(2500) }]);
    expect(split.mustLink.length + split.cannotLink.length).toBeLessThan(16 * members.length);
  });
});
