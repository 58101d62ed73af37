import { describe, expect, test } from '@jest/globals';
import { consolidate } from '../../../src/alerts';
import { alertAt, graphOf, indexOf, placed } from './place';

const window = { windowMinutes: 15 };
const many = Array.from({ length: 200 }, (_, service) => `service-${service}`);

/** Two hundred services that all need one database, and a cache that two of them share. */
const index = indexOf(
  graphOf([
    ...many.map((service) => [service, 'database'] as const),
    ['service-1', 'cache'],
    ['service-2', 'cache'],
    ['edge', 'service-1'],
  ]),
);

function groupsOf(alerts: ReturnType<typeof alertAt>[]): number[] {
  return [...consolidate(placed(alerts, index), index, window).group];
}

describe('a hub', () => {
  test('that nobody hears of does not glue two of its two hundred dependents', () => {
    expect(groupsOf([alertAt(0, 'service-7', 'Slow'), alertAt(1, 'service-90', 'Errors')])).toEqual([0, 1]);
  });

  test('that complains often on its own is no cause for one of its dependents', () => {
    const chronic = Array.from({ length: 30 }, (_, spell) =>
      alertAt(spell * 40, 'database', 'CheckpointsTooOften'),
    );
    const groups = groupsOf([...chronic, alertAt(403, 'service-7', 'Slow')]);
    expect(groups.filter((group) => group === groups.at(-1))).toHaveLength(1);
  });

  test('that fails brings many dependents down with it, in one group', () => {
    const groups = groupsOf([
      alertAt(0, 'database', 'Down'),
      ...many.slice(0, 80).map((service, at) => alertAt(1 + at / 40, service, 'Errors')),
    ]);
    expect(new Set(groups).size).toBe(1);
  });

  test('that fails in silence is found by how many of its dependents fail together', () => {
    const { group, evidence } = consolidate(
      placed(
        many.slice(0, 80).map((service, at) => alertAt(at / 40, service, 'Errors')),
        index,
      ),
      index,
      window,
    );
    expect(new Set(group).size).toBe(1);
    expect(evidence[0]!.links[0]!.why).toMatch(/both depend on database, which reports nothing/);
  });
});

test('two services fail together because of the only thing they share', () => {
  const { group, evidence } = consolidate(
    placed([alertAt(0, 'service-1', 'Slow'), alertAt(0.5, 'service-2', 'Errors')], index),
    index,
    window,
  );
  expect([...group]).toEqual([0, 0]);
  expect(evidence[0]!.links[0]).toMatchObject({
    alert: 1,
    other: 0,
    distance: 2,
    minutes: 0.5,
    why: 'service-2 and service-1 both depend on cache, which reports nothing, 0.5 minutes later',
  });
});

test('a cause two steps away is linked through a silent service, and not past one that complains of its own', () => {
  const chain = indexOf(graphOf([['web', 'shop'], ['shop', 'db'], ['web', 'cdn']])); // prettier-ignore
  const through = consolidate(
    placed([alertAt(0, 'db', 'Down'), alertAt(2, 'web', 'Errors')], chain),
    chain,
    window,
  );
  expect([...through.group]).toEqual([0, 0]);
  expect(through.evidence[0]!.links[0]!.why).toBe(
    'web depends on db through shop, which reports nothing, 2 minutes later',
  );
});

test('trouble does not travel from a service to what it does not depend on', () => {
  const chain = indexOf(graphOf([['web', 'shop'], ['app', 'shop'], ['web', 'x1'], ['app', 'x2']])); // prettier-ignore
  const { groups } = consolidate(
    placed([alertAt(0, 'x1', 'Down'), alertAt(1, 'app', 'Errors')], chain),
    chain,
    window,
  );
  expect(groups).toBe(2);
});

test('what is overloaded by a service in trouble belongs to it, unless it has a storm of its own', () => {
  const pairs = [['web', 'auth'], ['a', 'auth'], ['b', 'a'], ['web', 'shop'], ['shop', 'db']] as const; // prettier-ignore
  const graph = indexOf(graphOf(pairs));
  const storm = [alertAt(0, 'db', 'Down'), alertAt(1, 'shop', 'Slow'), alertAt(2, 'web', 'Errors')];
  const lonely = consolidate(placed([...storm, alertAt(3, 'auth', 'Busy')], graph), graph, window);
  expect([...lonely.group]).toEqual([0, 0, 0, 0]);
  expect(lonely.evidence[0]!.links.map(({ why }) => why)).toContain(
    'web depends on auth and may have overloaded it, 1 minute later',
  );
  const own = [alertAt(3, 'auth', 'Busy'), alertAt(4, 'a', 'Errors'), alertAt(5, 'b', 'Errors')];
  expect([...consolidate(placed([...storm, ...own], graph), graph, window).group]).toEqual([
    0, 0, 0, 1, 1, 1,
  ]);
});

test('services that depend on each other in a circle make one group, with a beginning', () => {
  const circle = indexOf(graphOf([['a', 'b'], ['b', 'c'], ['c', 'a']])); // prettier-ignore
  const alerts = [alertAt(0, 'a', 'Down'), alertAt(1, 'b', 'Slow'), alertAt(2, 'c', 'Slow')];
  const { group, evidence } = consolidate(placed(alerts, circle), circle, window);
  expect([...group]).toEqual([0, 0, 0]);
  expect(evidence[0]!.lead).toBeGreaterThanOrEqual(0);
});
