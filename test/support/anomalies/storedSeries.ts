import {
  toTimestamp,
  type FeatureSet,
  type LogEvent,
  type MetricPoint,
  type Random,
} from '../../../src/contracts';
import type { InstanceSeries } from '../../../src/anomalies/features';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';

const arrivedAt = '2026-07-01T00:00:00.000000Z';

/**
 * Puts a series into the warehouse as points and records: at any second of their minutes, with older points in the
 * same minute that lose, in two batches of which the second comes late.
 */
export async function storeSeries(
  warehouse: Warehouse,
  set: FeatureSet,
  instance: string,
  { startMinute, values: { values, n, d }, logs }: InstanceSeries,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const timeIn = (minute: number, fromSecond: number): string =>
    toTimestamp((startMinute + minute) * 60_000 + (fromSecond + random.integer(20)) * 1_000);
  const points: MetricPoint[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      const value = values[row * d + column]!;
      if (Number.isNaN(value)) continue;
      const { name: metric, kind } = set.metrics[column]!;
      const point = { instance, metric, kind, unit: null, batchId: 'b', arrivedAt };
      if (random.integer(10) === 0 && Math.abs(value) < 1e30) {
        points.push({ ...point, at: timeIn(row, 0), value: random.next() });
      }
      points.push({ ...point, at: timeIn(row, 30), value });
    }
  }
  const late = points.filter(() => random.integer(3) === 0);
  const isLate = new Set(late);
  await warehouse.mergeMetricPoints(
    points.filter((point) => !isLate.has(point)),
    signal,
  );
  await warehouse.mergeMetricPoints(late, signal);

  const events: LogEvent[] = [];
  const fresh: string[] = [];
  logs?.forEach((minute, row) => {
    if (!minute) return;
    const records = Object.entries(minute.templates).flatMap(([id, count]) =>
      Array.from({ length: count }, () => id),
    );
    records.forEach((templateId, index) => {
      const level =
        index < minute.errors
          ? index % 2 === 0
            ? ('error' as const)
            : ('fatal' as const)
          : index < minute.errors + minute.warnings
            ? ('warning' as const)
            : ('info' as const);
      events.push({
        recordId: `${instance} ${row} ${index}`,
        instance,
        at: timeIn(row, 0),
        level,
        source: null,
        message: 'm',
        templateId,
        metadataJson: '{}',
        batchId: 'b',
        arrivedAt,
      });
    });
    for (let index = 0; index < minute.newTemplates; index++) fresh.push(timeIn(row, 0));
  });
  await warehouse.mergeLogEvents(events, signal);
  await warehouse.mergeLogTemplates(
    fresh.map((at, index) => ({
      templateId: `${instance} new ${index}`,
      version: 1,
      template: 't',
      firstSeenAt: at,
      lastSeenAt: at,

      firstInstance: instance,
      updatedAt: at,
    })),
    signal,
  );
}
