import { describe, expect, test } from '@jest/globals';
import { groupIdentities, type GroupIdentities } from '../../../src/alerts/run/groupIdentity';

/** Groups by name of their alerts; alerts start in the order in which they are named. */
function identities(
  groups: readonly (readonly string[])[],
  previous: Record<string, string> = {},
): GroupIdentities {
  const alertIds = groups.flat();
  return groupIdentities({
    group: Int32Array.from(groups.flatMap((members, group) => members.map(() => group))),
    groups: groups.length,
    alertIds,
    startMs: Float64Array.from(alertIds, (_, at) => at),
    previous: new Map(Object.entries(previous)),
  });
}

const asBefore = (groups: readonly (readonly string[])[], { ids }: GroupIdentities): Record<string, string> =>
  Object.fromEntries(groups.flatMap((members, group) => members.map((id) => [id, ids[group]!])));

describe('the name of a group', () => {
  test('is the same for the same alerts, differs from group to group, and is one that HTTP takes', () => {
    const groups = [['a', 'b'], ['c']];
    const first = identities(groups);
    expect(identities(groups)).toEqual(first);
    expect(new Set(first.ids).size).toBe(2);
    for (const id of first.ids) expect(id).toMatch(/^g-[a-z0-9]{12}$/);
  });

  test('does not depend on the order in which alerts are given', () => {
    const one = identities([['a', 'b', 'c']]);
    const other = groupIdentities({
      group: new Int32Array(3),
      groups: 1,
      alertIds: ['c', 'a', 'b'],
      startMs: Float64Array.from([2, 0, 1]),
      previous: new Map(),
    });
    expect(other.ids).toEqual(one.ids);
  });

  test('stays while the group grows, even when an earlier alert comes in late', () => {
    const before = [['b', 'c']];
    const was = identities(before);
    const now = identities([['a', 'b', 'c', 'd', 'e', 'f']], asBefore(before, was));
    expect(now.ids).toEqual(was.ids);
    expect(now.superseded.size).toBe(0);
  });

  test('stays with the larger part of a split, and the other part gets a new one', () => {
    const before = [['a', 'b', 'c', 'd', 'e']];
    const was = identities(before);
    const now = identities(
      [
        ['a', 'b'],
        ['c', 'd', 'e'],
      ],
      asBefore(before, was),
    );
    expect(now.ids[1]).toBe(was.ids[0]);
    expect(now.ids[0]).not.toBe(was.ids[0]);
  });

  test('of two merged groups is that of the larger, and the other one says where it went', () => {
    const before = [
      ['a', 'b'],
      ['c', 'd', 'e'],
    ];
    const was = identities(before);
    const now = identities([['a', 'b', 'c', 'd', 'e']], asBefore(before, was));
    expect(now.ids).toEqual([was.ids[1]]);
    expect([...now.superseded]).toEqual([[was.ids[0], was.ids[1]]]);
  });

  test('is given up when the group is scattered, and never taken by what only shares its first alert', () => {
    const before = [['a', 'b', 'c', 'd', 'e']];
    const was = identities(before);
    const now = identities([['a', 'b'], ['c'], ['d'], ['e']], asBefore(before, was));
    expect(now.ids).not.toContain(was.ids[0]);
    expect(new Set(now.ids).size).toBe(4);
    expect(now.superseded.get(was.ids[0]!)).toBe(now.ids[0]);
  });
});
