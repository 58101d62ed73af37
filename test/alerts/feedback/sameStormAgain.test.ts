import { describe, expect, test } from '@jest/globals';
import {
  consolidate,
  constraintsFrom,
  generateStorms,
  type GroupFeedback,
  type Grouping,
  type PairConstraints,
} from '../../../src/alerts';
import { shiftTimestamp, toTimestamp, type Alert } from '../../../src/contracts';
import { alertAt, graphOf, indexOf, placed } from '../consolidate/place';

const generated = generateStorms({
  seed: 21,
  graph: { nodes: 100 },
  storms: 6,
  noiseShare: 0.1,
  concurrentShare: 0,
});
const index = indexOf(generated.graph);
const said = toTimestamp('2026-06-20T00:00:00Z');

/** The same faults a month later: new ids, new times, new instances and so new fingerprints. */
const again = generated.alerts.map((alert): Alert => ({
  ...alert,
  id: `again-${alert.id}`,
  resource: alert.resource && `${alert.resource}-x`,
  fingerprint: `again-${alert.fingerprint}`,
  startsAt: shiftTimestamp(alert.startsAt, 30 * 86_400_000 + 4321),
  endsAt: alert.endsAt && shiftTimestamp(alert.endsAt, 30 * 86_400_000 + 4321),
}));

function group(alerts: readonly Alert[], links?: PairConstraints): Grouping {
  return consolidate(placed(alerts, index), index, { windowMinutes: 15, links });
}

const first = group(generated.alerts);
const membersOf = (own: number): Alert[] => generated.alerts.filter((_, alert) => first.group[alert] === own);
const largest = Array.from({ length: first.groups }, (_, own) => own).sort(
  (a, b) => membersOf(b).length - membersOf(a).length,
);

function secondTime(feedback: GroupFeedback): (alert: Alert) => number {
  const { group: groups, conflicts } = group(again, constraintsFrom([feedback]));
  expect(conflicts).toEqual([]);
  const of = new Map(again.map(({ id }, position) => [id, groups[position]!]));
  return ({ id }) => of.get(`again-${id}`)!;
}

describe('the same storm the second time', () => {
  test('without a word is grouped as before', () => {
    expect([...group(again).group]).toEqual([...first.group]);
  });

  test('is split where a person split it', () => {
    const members = membersOf(largest[0]!);
    // Half of its services, as somebody would who saw two problems in it.
    const services = [...new Set(members.map(({ service }) => service))];
    const elsewhere = new Set(services.slice(Math.ceil(services.length / 2)));
    const apart = members.filter(({ service }) => elsewhere.has(service));
    const rest = members.filter(({ service }) => !elsewhere.has(service));
    const groupOf = secondTime({ kind: 'split', at: said, members, apart });
    expect(new Set(rest.map(groupOf)).size).toBe(1);
    const restGroup = groupOf(rest[0]!);
    expect(apart.filter((alert) => groupOf(alert) === restGroup)).toEqual([]);
  });

  test('is merged with the other that a person merged it with', () => {
    const [one, two] = [membersOf(largest[0]!), membersOf(largest[1]!)] as const;
    // Nobody would merge storms that came hours apart: the second is moved beside the first.
    const beside = (alert: Alert): Alert => {
      const lag =
        Date.parse(one[0]!.startsAt.slice(0, 23)) - Date.parse(two[0]!.startsAt.slice(0, 23)) + 240_000;
      return { ...alert, startsAt: shiftTimestamp(alert.startsAt, lag), endsAt: null };
    };
    const both = [...one.map((alert) => ({ ...alert, endsAt: null })), ...two.map(beside)];
    const separate = group(both);
    expect(separate.groups).toBeGreaterThan(1);
    const feedback: GroupFeedback = {
      kind: 'merge',
      at: said,
      members: both.slice(0, one.length),
      other: both.slice(one.length),
    };
    const later = both.map((alert) => ({ ...alert, startsAt: shiftTimestamp(alert.startsAt, 86_400_000) }));
    expect(group(later, constraintsFrom([feedback])).groups).toBe(1);
  });

  test('is kept whole when a person confirmed it, even with its first service silent', () => {
    const members = membersOf(largest[0]!);
    const links = constraintsFrom([{ kind: 'confirm', at: said, members }]);
    const ids = new Set(members.map(({ id }) => `again-${id}`));
    const later = again.filter(({ id, service }) => ids.has(id) && service !== members[0]!.service);
    expect(group(later, links).groups).toBe(1);
  });
});

describe('opinions that cannot all be kept', () => {
  const small = indexOf(graphOf([['web', 'shop'], ['shop', 'db']])); // prettier-ignore
  const alerts = [alertAt(0, 'db', 'Down'), alertAt(1, 'shop', 'Slow'), alertAt(2, 'web', 'Errors')];

  test('keep apart what must stay apart, and say which tie was not followed', () => {
    const links = constraintsFrom([
      { kind: 'confirm', at: '2026-06-02T00:00:00.000000Z', members: [alerts[0]!, alerts[1]!] },
      { kind: 'confirm', at: '2026-06-03T00:00:00.000000Z', members: [alerts[1]!, alerts[2]!] },
      {
        kind: 'split',
        at: '2026-06-01T00:00:00.000000Z',
        members: [alerts[0]!, alerts[2]!],
        apart: [alerts[2]!],
      },
    ]);
    const { group: groups, conflicts } = consolidate(placed(alerts, small), small, {
      windowMinutes: 15,
      links,
    });
    expect(groups[0]).not.toBe(groups[2]);
    // The newer of the two confirmations is the one that holds.
    expect(groups[1]).toBe(groups[2]);
    expect(conflicts).toEqual([
      {
        constraint: expect.objectContaining({ a: 'kind ["db","Down"]', b: 'kind ["shop","Slow"]' }),
        because: 'alerts were said elsewhere to belong apart',
      },
    ]);
  });

  test('do not reach across hours', () => {
    const links = constraintsFrom([{ kind: 'merge', at: said, members: [alerts[0]!], other: [alerts[2]!] }]);
    const far = [alertAt(0, 'db', 'Down'), alertAt(300, 'web', 'Errors')];
    expect(consolidate(placed(far, small), small, { windowMinutes: 15, links }).groups).toBe(2);
  });
});
