import { describe, expect, test } from '@jest/globals';
import { consolidate, deduplicate, generateStorms } from '../../../src/alerts';
import { toTimestamp, type Alert } from '../../../src/contracts';
import { alertAt, graphOf, indexOf, placed } from '../consolidate/place';

const index = indexOf(graphOf([['web', 'shop'], ['shop', 'db'], ['app', 'shop'], ['mail', 'smtp']])); // prettier-ignore
const one = (count: number) => ({ group: new Int32Array(count), groups: 1 });

function inOneGroup(alerts: readonly Alert[], cause?: string, windowMinutes = 15) {
  const causes = cause === undefined ? undefined : Int32Array.of(index.nodeOf.get(cause)!);
  return deduplicate(placed(alerts, index), one(alerts.length), index, { windowMinutes, causes });
}

describe('repeats', () => {
  test('of a fingerprint within the window stand behind the first, and say so', () => {
    const alerts = [alertAt(0, 'shop', 'Slow'), alertAt(4, 'shop', 'Slow'), alertAt(18, 'shop', 'Slow')];
    const { role, primary, reason } = inOneGroup(alerts);
    expect(role).toEqual(['primary', 'duplicate', 'duplicate']);
    expect([...primary]).toEqual([0, 0, 0]);
    expect(reason[2]).toBe(`the same condition again, 18 minutes after ${alerts[0]!.id}`);
  });

  test('after more than a window of quiet are looked at anew, unless the first still lasts', () => {
    const quiet = [alertAt(0, 'shop', 'Slow'), alertAt(16, 'shop', 'Slow')];
    expect(inOneGroup(quiet).role).toEqual(['primary', 'primary']);
    const lasting = [{ ...quiet[0]!, endsAt: toTimestamp('2026-06-01T09:10:00Z') }, quiet[1]!];
    expect(inOneGroup(lasting).role).toEqual(['primary', 'duplicate']);
  });

  test('of the same name at the same service on another instance are duplicates', () => {
    const alerts = [
      alertAt(0, 'shop', 'Slow', { resource: 'pod-1' }),
      alertAt(1, 'shop', 'Slow', { resource: 'pod-2' }),
    ];
    const { role, reason } = inOneGroup(alerts);
    expect(role).toEqual(['primary', 'duplicate']);
    expect(reason[1]).toMatch(/^the same alert at the same service/);
  });

  test('in another group are none', () => {
    const alerts = [alertAt(0, 'shop', 'Slow'), alertAt(1, 'shop', 'Slow')];
    const grouping = { group: Int32Array.of(0, 1), groups: 2 };
    const { role } = deduplicate(placed(alerts, index), grouping, index, { windowMinutes: 15 });
    expect(role).toEqual(['primary', 'primary']);
  });
});

describe('near-duplicates', () => {
  const text = 'Nearly all connections of the primary database are taken by waiting clients';

  test('at one service, told by two systems in nearly the same words', () => {
    const alerts = [
      alertAt(0, 'db', 'ConnectionsNearLimit', { description: `${text} (db-1)` }),
      alertAt(2, 'db', 'connections_near_limit', { description: `${text}: 97 of 100` }),
      alertAt(2, 'db', 'ReplicationBehind', { description: 'The replica lags behind its primary' }),
    ];
    const { role, primary, reason } = inOneGroup(alerts);
    expect(role).toEqual(['primary', 'duplicate', 'primary']);
    expect(primary[1]).toBe(0);
    expect(reason[1]).toMatch(/^\d+ % the same words as a\d+$/);
  });

  test('at a neighbouring service, but not at one that has nothing to do with it', () => {
    const alerts = [
      alertAt(0, 'db', 'ConnectionsNearLimit', { description: text }),
      alertAt(1, 'shop', 'ConnectionsNearLimit', { description: text }),
      alertAt(1, 'smtp', 'ConnectionsNearLimit', { description: text }),
    ];
    const { role, reason } = inOneGroup(alerts);
    expect(role).toEqual(['primary', 'duplicate', 'primary']);
    expect(reason[1]).toMatch(/^100 % the same words as a\d+ at db, next to it$/);
  });

  test('outside the window are none', () => {
    const alerts = [
      alertAt(0, 'db', 'ConnectionsNearLimit', { description: text }),
      alertAt(20, 'db', 'connections_near_limit', { description: text }),
    ];
    expect(inOneGroup(alerts).role).toEqual(['primary', 'primary']);
  });
});

describe('symptoms', () => {
  test('are downstream of the cause, directly or over steps, and name the alert at the cause', () => {
    const alerts = [alertAt(0, 'db', 'Down'), alertAt(2, 'shop', 'Slow'), alertAt(3, 'web', 'Errors')];
    const { role, primary, reason } = inOneGroup(alerts, 'db');
    expect(role).toEqual(['primary', 'symptom', 'symptom']);
    expect([...primary]).toEqual([0, 0, 0]);
    expect(reason[1]).toBe(`shop depends on db; 2 minutes after ${alerts[0]!.id}`);
    expect(reason[2]).toBe(`web depends on db over 2 steps; 3 minutes after ${alerts[0]!.id}`);
  });

  test('are not what the cause depends on, what lies elsewhere, or what nobody knows', () => {
    const alerts = [
      alertAt(0, 'shop', 'Down'), alertAt(1, 'db', 'Busy'), alertAt(1, 'mail', 'Slow'), alertAt(1, 'legacy', 'Slow'),
    ]; // prettier-ignore
    expect(inOneGroup(alerts, 'shop').role).toEqual(['primary', 'primary', 'primary', 'primary']);
  });

  test('may be reported a little before the cause, not more than a window', () => {
    const alerts = [alertAt(0, 'web', 'Errors'), alertAt(10, 'app', 'Errors'), alertAt(20, 'db', 'Down')];
    expect(inOneGroup(alerts, 'db').role).toEqual(['primary', 'symptom', 'primary']);
  });

  test('without an alert at the cause there is nothing to stand behind', () => {
    expect(inOneGroup([alertAt(0, 'shop', 'Slow'), alertAt(1, 'web', 'Errors')], 'db').role).toEqual([
      'primary',
      'primary',
    ]);
  });
});

test('on storms what an alert stands behind is a primary of its own group, and every one says why', () => {
  const generated = generateStorms({ seed: 3, graph: { nodes: 80 }, storms: 10 });
  const graph = indexOf(generated.graph);
  const alerts = placed(generated.alerts, graph);
  const grouping = consolidate(alerts, graph, { windowMinutes: 15 });
  const causes = Int32Array.from(grouping.evidence, ({ lead }) => alerts[lead]!.node);
  const { role, primary, reason } = deduplicate(alerts, grouping, graph, { windowMinutes: 15, causes });
  expect(new Set(role)).toEqual(new Set(['primary', 'duplicate', 'symptom']));
  alerts.forEach((_, alert) => {
    const behind = primary[alert]!;
    expect(role[alert] === 'primary').toBe(behind === alert);
    expect(role[behind]).toBe('primary');
    expect(grouping.group[behind]).toBe(grouping.group[alert]);
    expect(reason[alert]).not.toBe('');
  });
  const shuffled = alerts.toReversed();
  const mirrored = { group: grouping.group.toReversed(), groups: grouping.groups };
  expect(deduplicate(shuffled, mirrored, graph, { windowMinutes: 15, causes }).role.toReversed()).toEqual(
    role,
  );
});
