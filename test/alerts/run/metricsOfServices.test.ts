import { describe, expect, test } from '@jest/globals';
import { readServiceGraph, runAlertGrouping, storeServiceGraph } from '../../../src/alerts';
import { enrichAlerts } from '../../../src/alerts/enrich';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { metricsOfServices } from '../../../src/alerts/run/metricsOfServices';
import { toTimestamp, type Alert, type MetricPoint } from '../../../src/contracts';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { received, stormAlerts } from '../../support/alerts/receivedStorm';
import { withPlatform, type TestPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(300_000);
const minuteMs = 60_000;

/** Two doors, each of which depends on two services that depend on nothing. */
const graph = readServiceGraph({
  nodes: ['shop', 'cart', 'stock', 'portal', 'ldap', 'login'].map((id) => ({ id })),
  edges: [
    { source: 'shop', target: 'cart' },
    { source: 'shop', target: 'stock' },
    { source: 'portal', target: 'ldap' },
    { source: 'portal', target: 'login' },
  ],
});
const index = indexGraph(graph.graph);

/** All three services of a door alert in the same minute, so that alerts alone do not tell where it began. */
function ambiguous(services: readonly string[], startMs: number): Alert[] {
  const [alert] = stormAlerts(startMs);
  return services.map((service) => ({
    ...alert!,
    id: `${service}-1`,
    service,
    name: 'HighErrorRate',
    description: `HighErrorRate of ${service}`,
    severity: 'high',
    fingerprint: `${service}/HighErrorRate`,
  }));
}

/** A value a minute over the last eight hours, by minutes before now. */
function points(
  { clock }: TestPlatform,
  instance: string,
  metric: string,
  value: (minutesAgo: number) => number,
): MetricPoint[] {
  return Array.from({ length: 480 }, (_, minutesAgo) => {
    const at = toTimestamp(clock.now() - minutesAgo * minuteMs);
    return {
      instance,
      metric,
      at,
      value: value(minutesAgo),
      kind: 'gauge',
      unit: null,
      batchId: 'batch-1',
      arrivedAt: at,
    };
  });
}

async function receive(platform: TestPlatform, alerts: readonly Alert[], stored: readonly MetricPoint[]) {
  await storeServiceGraph(platform, graph, signal);
  await platform.warehouse.mergeAlerts(received(alerts), signal);
  await platform.warehouse.mergeMetricPoints(stored, signal);
  return { at: toTimestamp(platform.clock.now()) };
}

/** The warehouse, with what was read of metrics written down. */
function observed(platform: TestPlatform): { platform: TestPlatform; reads: string[] } {
  const reads: string[] = [];
  const warehouse: Warehouse = {
    ...platform.warehouse,
    metricCatalog(query, stop) {
      reads.push('catalog');
      return platform.warehouse.metricCatalog(query, stop);
    },
    recentPoints(query, stop) {
      reads.push(query.instance);
      return platform.warehouse.recentPoints(query, stop);
    },
  };
  return { platform: { ...platform, warehouse }, reads };
}

async function rootCauses({ warehouse }: TestPlatform): Promise<string[]> {
  const groups = await warehouse.alertGroups({ limit: 10, offset: 0 }, signal);
  return groups.map(({ rootCause }) => rootCause ?? 'none').sort((a, b) => (a < b ? -1 : 1));
}

async function coverage({ warehouse }: TestPlatform): Promise<unknown> {
  const [run] = await warehouse.alertGroupingRuns({ limit: 1 }, signal);
  return (JSON.parse(run!.metadataJson) as { metrics: unknown }).metrics;
}

describe('metrics of the services that alert', () => {
  test('name the cause where alerts of the same minute do not', async () => {
    for (const cause of ['cart', 'stock']) {
      const platform = await platforms();
      const alerts = ambiguous(['shop', 'cart', 'stock'], platform.clock.now() - 10 * minuteMs);
      const stored = ['cart', 'stock', 'ldap'].flatMap((service) =>
        points(platform, `${service}-0`, 'latency_p95', (ago) =>
          service === cause && ago <= 12 ? 900 : 100 + (ago % 7),
        ),
      );
      const message = await receive(platform, alerts, stored);
      const { platform: watched, reads } = observed(platform);
      expect((await runAlertGrouping(watched, message, signal)).status).toBe('ok');
      expect(await rootCauses(platform)).toEqual([cause]);
      expect(reads).toEqual(['catalog', 'cart-0', 'stock-0']);
      expect(await coverage(platform)).toMatchObject({ instances: 2, instancesLeftOut: 0, groupsLeftOut: 0 });
    }
  });

  test('are looked at around the start of each storm of a run', async () => {
    const platform = await platforms();
    const now = platform.clock.now();
    const alerts = [
      ...ambiguous(['shop', 'cart', 'stock'], now - 10 * minuteMs),
      ...ambiguous(['portal', 'ldap', 'login'], now - 55 * minuteMs),
    ];
    const level = (ago: number): number => 100 + (ago % 7);
    const stored = [
      // What cart went through while the other storm began was over long before its own.
      ...points(platform, 'cart', 'latency_p95', (ago) => (ago <= 58 && ago > 45 ? 5_000 : level(ago))),
      ...points(platform, 'stock', 'latency_p95', (ago) => (ago <= 12 ? 900 : level(ago))),
      ...points(platform, 'ldap', 'latency_p95', (ago) => (ago <= 300 && ago > 280 ? 9_000 : level(ago))),
      ...points(platform, 'login', 'latency_p95', (ago) => (ago <= 57 && ago > 30 ? 900 : level(ago))),
    ];
    await runAlertGrouping(platform, await receive(platform, alerts, stored), signal);
    expect(await rootCauses(platform)).toEqual(['login', 'stock']);
  });

  test('are not read when no instance belongs to a service that alerts', async () => {
    const platform = await platforms();
    const alerts = ambiguous(['shop', 'cart', 'stock'], platform.clock.now() - 10 * minuteMs);
    const message = await receive(
      platform,
      alerts,
      points(platform, 'ldap-0', 'cpu', () => 1),
    );
    const { platform: watched, reads } = observed(platform);
    await runAlertGrouping(watched, message, signal);
    expect(reads).toEqual(['catalog']);
    expect(await coverage(platform)).toMatchObject({ instances: 0, points: 0, instancesLeftOut: 0 });
  });

  test('are not asked for when no alert belongs to a service', async () => {
    const platform = await platforms();
    const alerts = ambiguous(['nobody', 'knows'], platform.clock.now() - 10 * minuteMs);
    const message = await receive(
      platform,
      alerts,
      points(platform, 'cart', 'cpu', () => 1),
    );
    const { platform: watched, reads } = observed(platform);
    await runAlertGrouping(watched, message, signal);
    expect(reads).toEqual([]);
  });

  test('beyond the limits are left out and counted, after one instance of every service', async () => {
    const platform = await platforms();
    const given = ambiguous(['cart', 'stock'], platform.clock.now() - 10 * minuteMs);
    const instances = ['cart-1', 'cart-2', 'stock-1', 'stock-2'];
    const { at } = await receive(
      platform,
      given,
      instances.flatMap((instance) => points(platform, instance, 'cpu', () => 1)),
    );
    const { platform: watched, reads } = observed(platform);
    const { alerts } = enrichAlerts(given, index, { minimumScore: platform.settings.MIN_MATCH_SCORE });
    const asked = { alerts, index, scores: [], at };
    const few = await metricsOfServices(watched, asked, signal, { instances: 3, points: 10_000 });
    expect(reads).toEqual(['catalog', 'cart-1', 'stock-1', 'cart-2']);
    const perInstance = few.coverage().points / 3;
    expect(few.coverage()).toMatchObject({ instancesLeftOut: 1, pointsLeftOut: perInstance });
    const fewer = await metricsOfServices(watched, asked, signal, { instances: 3, points: 2 * perInstance });
    expect(fewer.coverage()).toMatchObject({ instances: 2, pointsLeftOut: 2 * perInstance });
  });

  test('stop being read when the run is asked to stop', async () => {
    const platform = await platforms();
    const given = ambiguous(['cart'], platform.clock.now() - 10 * minuteMs);
    const { at } = await receive(
      platform,
      given,
      points(platform, 'cart', 'cpu', () => 1),
    );
    const { alerts } = enrichAlerts(given, index, { minimumScore: platform.settings.MIN_MATCH_SCORE });
    await expect(
      metricsOfServices(platform, { alerts, index, scores: [], at }, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
