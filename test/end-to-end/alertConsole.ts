import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AlertGroupList } from '../../src/contracts';
import { startAzurite } from '../../src/host/azurite';
import { serveInstallation } from './serveInstallation';

/** An installation that was sent a service graph and a storm of alerts, and has grouped them. */
export interface AlertConsole {
  readonly url: string;
  stop(): Promise<void>;
}

const minuteMs = 60_000;
const pollMs = 200;
const groupingLimitMs = 60_000;

const serviceGraph = {
  nodes: [
    { id: 'storefront', tier: 0, criticality: 'high', team: 'web' },
    { id: 'checkout', tier: 1, criticality: 'critical', team: 'orders' },
    { id: 'payment', tier: 2, team: 'orders' },
    { id: 'payments-db', type: 'database', tier: 3, team: 'data' },
    { id: 'search', tier: 1, team: 'web' },
    { id: 'warehouse-printer', tier: 3, team: 'logistics' },
  ],
  edges: [
    { source: 'storefront', target: 'checkout' },
    { source: 'storefront', target: 'search' },
    { source: 'checkout', target: 'payment' },
    { source: 'payment', target: 'payments-db' },
  ],
};

/** Minutes before now at which a rule of a service fired; the database first, then whatever needs it. */
const firings: readonly (readonly [minutesAgo: number, rule: string, service: string, severity: string])[] = [
  [20, 'DatabaseDeadlocks', 'payments-db', 'critical'],
  [18, 'HighErrorRate', 'payment', 'critical'],
  [17, 'HighLatency', 'checkout', 'warning'],
  [15, 'HighErrorRate', 'storefront', 'warning'],
  [14, '<b>PaperJam</b>', 'warehouse-printer', 'info'],
];

/** As Prometheus's Alertmanager posts it (webhook, version 4). */
function webhook(now: number): unknown {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'quarterdeck',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: firings.map(([minutesAgo, alertname, service, severity], place) => ({
      status: 'firing',
      labels: { alertname, service, severity },
      annotations: { description: `${alertname} of ${service}` },
      startsAt: new Date(now - minutesAgo * minuteMs).toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example:9090/graph',
      fingerprint: `00000000000000a${place}`,
    })),
  };
}

export async function startAlertConsole(): Promise<AlertConsole> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-alert-console-'));
  const azurite = await startAzurite({ inMemory: true });
  const { url, stop } = await serveInstallation({
    QUARTERDECK_DATA_DIR: dataDir,
    AzureWebJobsStorage: azurite.connectionString,
  });
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  };
  await send('PUT', '/api/service-graph', serviceGraph);
  await send('POST', '/api/alerts', webhook(Date.now()));
  await send('POST', '/admin/functions/alertGroupTimer', {});
  await untilGrouped(url);
  return {
    url,
    async stop() {
      await stop();
      await azurite.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function untilGrouped(url: string): Promise<void> {
  const limit = AbortSignal.timeout(groupingLimitMs);
  for (;;) {
    const answer = await fetch(`${url}/api/alert-groups`, { signal: limit });
    const { run, groups } = (await answer.json()) as AlertGroupList;
    if (run && groups.length > 0) return;
    await pause(pollMs, undefined, { signal: limit });
  }
}
