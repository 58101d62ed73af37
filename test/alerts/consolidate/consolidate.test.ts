import { describe, expect, test } from '@jest/globals';
import { consolidate } from '../../../src/alerts';
import { alertAt, graphOf, indexOf, placed } from './place';

const window = { windowMinutes: 15 };

describe('consolidate', () => {
  test('a cause and what follows along dependencies become one group, in words', () => {
    const index = indexOf(graphOf([['web', 'shop'], ['shop', 'db']])); // prettier-ignore
    const alerts = [alertAt(0, 'db', 'Down'), alertAt(2, 'shop', 'Slow'), alertAt(3, 'web', 'Errors')];
    const { group, groups, evidence } = consolidate(placed(alerts, index), index, window);
    expect([...group]).toEqual([0, 0, 0]);
    expect(groups).toBe(1);
    expect(evidence[0]!.lead).toBe(0);
    expect(evidence[0]!.links.map(({ why }) => why)).toEqual(
      expect.arrayContaining(['shop depends on db, 2 minutes later', 'web depends on shop, 1 minute later']),
    );
  });

  test('services that no dependency connects stay apart, and so do times far from each other', () => {
    const index = indexOf(graphOf([['web', 'shop'], ['mail', 'smtp']])); // prettier-ignore
    const alerts = [alertAt(0, 'shop', 'Slow'), alertAt(1, 'smtp', 'Down'), alertAt(90, 'web', 'Errors')];
    expect([...consolidate(placed(alerts, index), index, window).group]).toEqual([0, 1, 2]);
  });

  test('two storms that meet in a service do not become one', () => {
    const index = indexOf(
      graphOf([
        ['hub', 'a'], ['hub', 'b'], ['a2', 'a'], ['a3', 'a2'], ['b2', 'b'], ['b3', 'b2'], ['hub', 'c'], ['hub', 'd'],
      ]), // prettier-ignore
    );
    const alerts = [
      alertAt(0, 'a', 'Down'), alertAt(0, 'b', 'Down'), alertAt(1, 'a2', 'Slow'), alertAt(1, 'b2', 'Slow'),
      alertAt(2, 'a3', 'Slow'), alertAt(2, 'b3', 'Slow'), alertAt(1.5, 'hub', 'Slow'),
    ]; // prettier-ignore
    const { group, groups } = consolidate(placed(alerts, index), index, window);
    expect(groups).toBe(2);
    expect(new Set([group[0], group[2], group[4]]).size).toBe(1);
    expect(new Set([group[1], group[3], group[5]]).size).toBe(1);
    expect(group[0]).not.toBe(group[1]);
  });

  test('alerts of no known service are grouped by service and time', () => {
    const index = indexOf(graphOf([['web', 'shop']]));
    const alerts = [
      alertAt(0, 'legacy', 'Down'), alertAt(3, 'Legacy', 'Slow'), alertAt(3, 'other', 'Slow'),
      alertAt(4, null, 'Disk', { resource: 'host-1' }), alertAt(5, null, 'Memory', { resource: 'host-1' }),
    ]; // prettier-ignore
    expect([...consolidate(placed(alerts, index), index, window).group]).toEqual([0, 0, 1, 2, 2]);
  });
});
