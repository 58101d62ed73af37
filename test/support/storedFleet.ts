import { toTimestamp, type MetricPoint } from '../../src/contracts';
import { generateServers, type FleetOptions, type GeneratedFleet } from '../../src/anomalies/demo';
import type { Platform } from '../../src/platform/platform';

const minuteMs = 60_000;
const pointsAtOnce = 60_000;

/** Generated servers in the warehouse, as if they had reported. */
export async function storeFleet(platform: Platform, options: FleetOptions): Promise<GeneratedFleet> {
  const fleet = generateServers(options);
  const signal = AbortSignal.timeout(120_000);
  const arrivedAt = toTimestamp(platform.clock.now());
  let points: MetricPoint[] = [];
  const flush = async (): Promise<void> => {
    await platform.warehouse.mergeMetricPoints(points, signal);
    points = [];
  };
  for (const { instance, startMinute, values } of fleet.servers) {
    for (let row = 0; row < values.n; row++) {
      const at = toTimestamp((startMinute + row) * minuteMs);
      fleet.metrics.forEach(({ name, kind, unit }, column) => {
        const value = values.values[row * values.d + column]!;
        if (!Number.isNaN(value)) {
          points.push({ instance, metric: name, at, value, kind, unit, batchId: 'fleet', arrivedAt });
        }
      });
      if (points.length >= pointsAtOnce) await flush();
    }
  }
  await flush();
  return fleet;
}

/** Whether a fault was visible on the instance in that minute: what a reviewer who knows would say. */
export function isFault(fleet: GeneratedFleet, instance: string, atMs: number): boolean {
  const server = fleet.servers.find((one) => one.instance === instance)!;
  return server.labels[Math.floor(atMs / minuteMs) - server.startMinute] === 1;
}
