import { generateStorms, trainAlertClusters, type GeneratedStorms } from '../../src/alerts';
import { timestampMs, toTimestamp, type Alert, type AlertGroupList } from '../../src/contracts';
import type { RunningHost } from '../../src/host';
import type { Session } from '../session';
import { send } from './send';

export interface StormSummary {
  readonly alerts: number;
  readonly services: number;
  readonly storms: number;
  readonly groups: number;
  readonly noiseReduction: number | null;
  /** Storms whose root is the likeliest cause of a group. */
  readonly rootsFound: number;
  readonly modelVersion: string | null;
  readonly top: readonly {
    readonly id: string;
    readonly name: string;
    readonly alerts: number;
    readonly rootCause: string | null;
  }[];
}

const seed = 2026;
const nodes = 60;
const noiseShare = 0.2;
/** The storms of the demo lie in the hour that a run looks back on. */
const minutesBetweenStorms = 12;
const lastStormMinutesAgo = 3;
const minuteMs = 60_000;
/** As Alertmanager groups its notifications. */
const alertsPerWebhook = 40;
const shownGroups = 5;

/** Generated storms: sent as Alertmanager sends them, grouped by the timer's function, and read over HTTP. */
export async function runStorms(session: Session, host: RunningHost, storms: number): Promise<StormSummary> {
  const { platform, output, signal } = session;
  const made = recentStorms(storms, platform.clock.now());
  const [before] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
  if (before) output.say('The alert storms of the demo are here already.');
  else await sendAndGroup(session, host, made);
  const answer = await send('GET', `${host.url}/api/alert-groups?hours=8760&limit=500`, undefined, signal);
  const { run, groups } = answer as AlertGroupList;
  const causes = new Set(groups.map(({ rootCause }) => rootCause?.id));
  return {
    alerts: run?.alerts ?? 0,
    services: nodes,
    storms: made.storms.length,
    groups: run?.groups ?? 0,
    noiseReduction: run?.noiseReduction ?? null,
    rootsFound: made.storms.filter(({ root }) => causes.has(root)).length,
    modelVersion: run?.modelVersion ?? null,
    top: groups.slice(0, shownGroups).map(({ id, name, alerts, rootCause }) => ({
      id,
      name,
      alerts,
      rootCause: rootCause?.id ?? null,
    })),
  };
}

async function sendAndGroup(
  { platform, output, signal }: Session,
  host: RunningHost,
  made: GeneratedStorms,
): Promise<void> {
  output.say(`Sending ${made.alerts.length} alerts of ${made.storms.length} storms over ${nodes} services …`);
  const { nodes: services, edges } = made.graph;
  await send('PUT', `${host.url}/api/service-graph`, { nodes: services, edges }, signal);
  for (let first = 0; first < made.alerts.length; first += alertsPerWebhook) {
    const body = webhook(made.alerts.slice(first, first + alertsPerWebhook));
    await send('POST', `${host.url}/api/alerts`, body, signal);
  }
  await group(host, signal);
  // The first run left what a model of the kinds of alerts learns from; the next one uses it.
  await trainAlertClusters(platform, {}, { signal });
  await group(host, signal);
}

async function group(host: RunningHost, signal: AbortSignal): Promise<void> {
  await host.invoke('alertGroupTimer');
  await host.idle(signal);
}

/** Storms that ended just now, so that the last of their alerts still fire. */
function recentStorms(storms: number, nowMs: number): GeneratedStorms {
  const options = { seed, graph: { nodes }, storms, noiseShare, minutesBetweenStorms };
  const planned = generateStorms(options);
  const shiftMs = nowMs - lastStormMinutesAgo * minuteMs - timestampMs(planned.alerts.at(-1)!.startsAt);
  const now = toTimestamp(nowMs);
  const shifted = (at: string): string => toTimestamp(timestampMs(at) + shiftMs);
  const alerts = planned.alerts.map((alert): Alert => {
    const startsAt = shifted(alert.startsAt);
    const endsAt = alert.endsAt === null ? null : shifted(alert.endsAt);
    const lasts = endsAt === null || endsAt > now;
    return { ...alert, startsAt, endsAt: lasts ? null : endsAt, status: lasts ? 'firing' : 'resolved' };
  });
  return { ...planned, alerts };
}

/** A notification of Alertmanager, version 4. */
function webhook(alerts: readonly Alert[]): unknown {
  return {
    version: '4',
    groupKey: '{}:{}',
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'quarterdeck',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: alerts.map(({ name, severity, labels, description, startsAt, endsAt, status, fingerprint }) => ({
      status,
      labels: { ...labels, alertname: name, severity },
      annotations: { description },
      startsAt,
      endsAt: endsAt ?? '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint,
    })),
  };
}

export function sayStorms({ output }: Session, summary: StormSummary): void {
  const { alerts, groups, noiseReduction, storms, rootsFound } = summary;
  const less = noiseReduction === null ? '' : `, ${(100 * noiseReduction).toFixed(0)} % less to look at`;
  output.say(
    `${alerts} alerts in ${groups} groups${less}; the root of ${rootsFound} of ${storms} storms is the likeliest cause of a group.`,
  );
  for (const { name, alerts: count, rootCause } of summary.top.slice(0, 3)) {
    output.say(`  ${name}: ${count} alerts, likely root ${rootCause ?? 'unknown'}`);
  }
}
