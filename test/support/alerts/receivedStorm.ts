import {
  shiftTimestamp,
  timestampMs,
  toTimestamp,
  type Alert,
  type ServiceGraph,
  type StoredAlert,
} from '../../../src/contracts';
import { readServiceGraph, storeServiceGraph } from '../../../src/alerts';
import type { Platform } from '../../../src/platform/platform';

/** A storm as the webhook would have stored it: an order database, and what depends on it. */

export const stormGraph: ServiceGraph = readServiceGraph({
  nodes: [
    { id: 'shop', tier: 0, criticality: 1, team: 'web' },
    { id: 'checkout', tier: 1 },
    { id: 'orders-db', type: 'database', tier: 3, team: 'data' },
    { id: 'mail', tier: 2 },
    { id: 'reports', tier: 3 },
  ],
  edges: [
    { source: 'shop', target: 'checkout' },
    { source: 'checkout', target: 'orders-db' },
    { source: 'reports', target: 'mail' },
  ],
}).graph;

/** `minutes` from the beginning of the storm: what began when, at which service. */
export function stormAlerts(startMs: number, suffix = ''): Alert[] {
  const at = (minutes: number): string => toTimestamp(startMs + minutes * 60_000);
  const alert = (
    id: string,
    service: string,
    name: string,
    minutes: number,
    change: Partial<Alert> = {},
  ): Alert => ({
    id: id + suffix,
    source: 'alertmanager',
    name,
    service,
    resource: null,
    severity: 'warning',
    status: 'firing',
    startsAt: at(minutes),
    endsAt: null,
    labels: {},
    description: `${name} of ${service}`,
    fingerprint: `${service}/${name}`,
    ...change,
  });
  return [
    alert('a1', 'orders-db', 'PrimaryUnreachable', 0, { severity: 'critical' }),
    alert('a2', 'checkout', 'HighErrorRate', 1, { severity: 'high' }),
    alert('a3', 'shop', 'SlowPages', 2),
    alert('a4', 'checkout', 'HighErrorRate', 4, { source: 'datadog', severity: 'high' }),
    alert('b1', 'mail', 'QueueGrowing', 1),
  ];
}

export function received(alerts: readonly Alert[]): StoredAlert[] {
  return alerts.map((alert) => ({
    ...alert,
    saidAt: shiftTimestamp(alert.startsAt, 1_000),
    arrivedAt: shiftTimestamp(alert.startsAt, 2_000),
    batchId: 'batch-1',
  }));
}

/** Stores the graph and a storm that began ten minutes ago; the clock stands where it is grouped. */
export async function receiveStorm(
  platform: Pick<Platform, 'warehouse' | 'blobs' | 'clock'>,
  signal: AbortSignal,
  { suffix = '', change = {} }: { readonly suffix?: string; readonly change?: Partial<Alert> } = {},
): Promise<{ at: string; alerts: Alert[] }> {
  const alerts = stormAlerts(platform.clock.now() - 10 * 60_000, suffix).map((alert) => ({
    ...alert,
    ...change,
  }));
  await storeServiceGraph(platform, readServiceGraph({ ...stormGraph }), signal);
  await platform.warehouse.mergeAlerts(received(alerts), signal);
  const at = toTimestamp(platform.clock.now());
  return { at, alerts: alerts.toSorted((a, b) => timestampMs(a.startsAt) - timestampMs(b.startsAt)) };
}
