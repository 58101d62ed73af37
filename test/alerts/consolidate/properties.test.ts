import { beforeAll, describe, expect, test } from '@jest/globals';
import { consolidate, generateStorms, type GeneratedStorms, type Grouping } from '../../../src/alerts';
import type { GraphIndex } from '../../../src/alerts/graph/graphIndex';
import type { PlacedAlert } from '../../../src/alerts/consolidate/placement';
import { seededRandom, shiftTimestamp } from '../../../src/contracts';
import { indexOf, placed } from './place';

const window = { windowMinutes: 15 };
let generated: GeneratedStorms;
let index: GraphIndex;
let alerts: PlacedAlert[];
let grouping: Grouping;

beforeAll(() => {
  generated = generateStorms({ seed: 11, graph: { nodes: 120 }, storms: 25, noiseShare: 0.3 });
  index = indexOf(generated.graph);
  alerts = placed(generated.alerts, index);
  grouping = consolidate(alerts, index, window);
});

/** Groups as sets of alert ids, whatever their numbers. */
function partition(given: readonly PlacedAlert[], { group, groups }: Grouping): string[] {
  const members = Array.from({ length: groups }, (): string[] => []);
  given.forEach(({ alert }, position) => members[group[position]!]!.push(alert.id));
  return members.map((ids) => ids.sort().join(' ')).sort();
}

describe('groups of generated storms', () => {
  test('every alert is in exactly one group, no group is empty, and groups are numbered by their first start', () => {
    expect(grouping.group).toHaveLength(alerts.length);
    const firstStart = Array.from({ length: grouping.groups }, () => '9');
    grouping.group.forEach((group, position) => {
      expect(group).toBeGreaterThanOrEqual(0);
      const { startsAt } = alerts[position]!.alert;
      if (startsAt < firstStart[group]!) firstStart[group] = startsAt;
    });
    expect(firstStart).not.toContain('9');
    expect(firstStart).toEqual(firstStart.toSorted());
  });

  test('each group tells what it begins with, from its own alerts, the strongest links first', () => {
    expect(grouping.evidence.map(({ group }) => group)).toEqual(
      Array.from({ length: grouping.groups }, (_, g) => g),
    );
    for (const { group, lead, links, summary } of grouping.evidence) {
      expect(grouping.group[lead]).toBe(group);
      expect(summary).toMatch(/^\d+ alerts? of \d+ conditions? at /);
      for (const link of links) {
        expect([grouping.group[link.alert], grouping.group[link.other]]).toEqual([group, group]);
        expect(link.why).not.toMatch(/undefined|null/);
      }
      expect(links.map(({ score }) => score)).toEqual(
        links.map(({ score }) => score).toSorted((a, b) => b - a),
      );
    }
  });

  test('the order of the input does not matter', () => {
    const random = seededRandom(5);
    const shuffled = alerts
      .map((alert) => ({ alert, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ alert }) => alert);
    const again = consolidate(shuffled, index, window);
    expect(partition(shuffled, again)).toEqual(partition(alerts, grouping));
    expect(again.evidence.map(({ summary }) => summary)).toEqual(
      grouping.evidence.map(({ summary }) => summary),
    );
  });

  test('the same storms at another time fall into the same groups', () => {
    const later = 86_400_000 * 3 + 12_345_678;
    const moved = alerts.map(({ alert, node }) => ({
      node,
      alert: {
        ...alert,
        startsAt: shiftTimestamp(alert.startsAt, later),
        endsAt: alert.endsAt && shiftTimestamp(alert.endsAt, later),
      },
    }));
    expect([...consolidate(moved, index, window).group]).toEqual([...grouping.group]);
  });

  test('the input is left as it was', () => {
    const frozen = alerts.map((placedAlert) =>
      Object.freeze({ ...placedAlert, alert: Object.freeze({ ...placedAlert.alert }) }),
    );
    expect([...consolidate(Object.freeze(frozen), index, window).group]).toEqual([...grouping.group]);
  });

  test('services are not glued: a group holds a small part of all that a connected component would', () => {
    const largest = Math.max(...partition(alerts, grouping).map((ids) => ids.split(' ').length));
    const largestStorm = Math.max(...generated.storms.map(({ alertIds }) => alertIds.length));
    expect(largest).toBeLessThan(1.5 * largestStorm);
  });
});

test('no alerts give no groups', () => {
  expect(consolidate([], index, window)).toEqual({
    group: new Int32Array(0),
    groups: 0,
    evidence: [],
    conflicts: [],
  });
});

test.each([0, -1, Number.NaN])('a window of %p minutes is refused', (windowMinutes) => {
  expect(() => consolidate(alerts, index, { windowMinutes })).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'windowMinutes' } }),
  );
});
