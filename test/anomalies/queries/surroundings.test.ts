import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { surroundings } from '../../../src/anomalies';
import { shiftTimestamp, type MetricKind } from '../../../src/contracts';
import { temporaryDuckDb } from '../../support/warehouse';
import { metricPoint } from '../../support/warehouseRows';

const at = '2026-07-01T09:00:00.000000Z';
const minute = (before: number): string => shiftTimestamp(at, -before * 60_000);
const signal = AbortSignal.timeout(60_000);
let opened: Awaited<ReturnType<typeof temporaryDuckDb>>;

/** One point a minute, the last of them at `at`. */
const series = (metric: string, kind: MetricKind, values: readonly number[], instance = 'web-1') =>
  values.map((value, index) =>
    metricPoint({ instance, metric, kind, value, at: minute(values.length - 1 - index) }),
  );

beforeAll(async () => {
  opened = await temporaryDuckDb();
  await opened.warehouse.mergeMetricPoints(
    [
      ...series('cpu', 'gauge', [10, 11, 9, 10, 12, 95]),
      ...series('memory', 'gauge', [50, 52, 48, 50, 51, 53]),
      ...series('constant', 'gauge', [1, 1, 1, 1, 1, 1]),
      ...series('requests', 'counter', [100, 110, 121, 5, 14, 25, 33]),
      ...series('single', 'counter', [7]),
      ...series('cpu', 'gauge', [1, 2], 'web-2'),
      metricPoint({ metric: 'cpu', value: 77, at: shiftTimestamp(at, 60_000) }),
    ],
    signal,
  );
});
afterAll(() => opened.remove());

const ask = (query: { minutes?: number; limit?: number; at?: string } = {}) =>
  surroundings(opened, { instance: 'web-1', at, minutes: 60, limit: 12, ...query }, signal);

test('the metric that left its level comes first, and nothing after the row is shown', async () => {
  const { metrics } = await ask();
  expect(metrics.map(({ metric }) => metric).toSorted()).toEqual(['constant', 'cpu', 'memory', 'requests']);
  expect(metrics[0]).toMatchObject({ metric: 'cpu', kind: 'gauge' });
  expect(metrics[0]!.points.map(({ value }) => value)).toEqual([10, 11, 9, 10, 12, 95]);
  // median 10, median absolute deviation 1
  expect(metrics[0]!.deviation).toBeCloseTo(85 / 1.4826, 2);
  expect(metrics.find(({ metric }) => metric === 'constant')!.deviation).toBeNull();
});

test('a counter is shown as its growth, over a restart too', async () => {
  const { metrics } = await ask();
  const requests = metrics.find(({ metric }) => metric === 'requests')!;
  expect(requests.points.map(({ value }) => value)).toEqual([10, 11, 5, 9, 11, 8]);
});

test('the window and the number of metrics are bounded', async () => {
  const { metrics, from, to } = await ask({ minutes: 5, limit: 1 });
  expect([from, to]).toEqual([minute(4), minute(-1)]);
  expect(metrics).toHaveLength(1);
  expect(metrics[0]!.points).toHaveLength(5);
});

test('what is no time is refused', async () => {
  await expect(ask({ at: 'yesterday evening' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    culprit: { field: 'at' },
  });
});
