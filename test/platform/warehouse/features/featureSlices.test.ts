import { describe, expect, test } from '@jest/globals';
import { toTimestamp } from '../../../../src/contracts';
import { featureSetFor } from '../../../../src/anomalies/features';
import { slicesOf } from '../../../../src/platform/warehouse/features/featureSlices';

const set = featureSetFor(
  Array.from({ length: 10 }, (_, index) => ({ name: `m${index}`, kind: 'gauge' as const })),
);
const timeOf = (minute: number): string => toTimestamp(minute * 60_000);
const instances = Array.from({ length: 7 }, (_, index) => `i${index}`);
/** What the oldest of 15 minutes is made from: a lag, a carried reading, the minute before. */
const before = 15 + 5 + 1;

function slices(minutes: number, cells: number): [number, number, number][] {
  const query = { set, instances, from: timeOf(1_000), to: timeOf(1_000 + minutes) };
  return slicesOf(query, cells).map(({ instances: of, fromMinute, toMinute }) => [
    of.length,
    fromMinute,
    toMinute,
  ]);
}

describe('slices of a query for features', () => {
  test('put short instances together, the minutes that are looked back on included', () => {
    const all = slices(9, 10 * 3 * (9 + before));
    expect(all.map(([count]) => count)).toEqual([3, 3, 1]);
    expect(new Set(all.map(([, from, to]) => `${from} ${to}`))).toEqual(new Set(['1000 1009']));
  });

  test('cut a long instance into stretches without a gap or an overlap', () => {
    expect(slices(250, 10 * 100).slice(0, 4)).toEqual([
      [1, 1_000, 1_100],
      [1, 1_100, 1_200],
      [1, 1_200, 1_250],
      [1, 1_000, 1_100],
    ]);
  });

  test('cover parts of minutes at both ends, and are none of an empty time', () => {
    const query = { set, instances, from: '2026-07-01T08:00:30.000000Z', to: '2026-07-01T08:02:00.001000Z' };
    const [slice] = slicesOf(query, 1e6);
    const eight = Date.parse('2026-07-01T08:00:00Z') / 60_000;
    expect(slice).toMatchObject({ fromMinute: eight, toMinute: eight + 3 });
    expect(slicesOf({ ...query, to: query.from.replace('08:00:30', '07:59:00') }, 1e6)).toEqual([]);
  });
});
