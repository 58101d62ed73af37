import {
  timestampMs,
  toTimestamp,
  type AlertSeverity,
  type ConsolidatedAlert,
  type GroupTimeline,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { worse } from '../run/groupAlerts';
import { readMembers } from '../run/readAlerts';
import { documentOf, membersOf } from '../run/groupDocument';
import { storedGroup } from './alertGroupDetail';

/** Widths that a person reads easily, in seconds. */
const bucketWidths = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
const mostBuckets = 80;
const mostServices = 200;
const mostFeedback = 200;

type Event = GroupTimeline['events'][number];

/** How a storm went: alerts over time, services in the order in which it reached them, and what happened. @throws NOT_FOUND */
export async function alertGroupTimeline(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { id }: { readonly id: string },
  { limit }: { readonly limit: number },
  signal: AbortSignal,
): Promise<GroupTimeline> {
  const group = await storedGroup({ warehouse }, id, signal);
  const alerts = await readMembers({ warehouse }, membersOf(group), signal);
  alerts.sort((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0));
  const said = await warehouse.alertFeedback({ groupId: id, limit: mostFeedback }, signal);
  const document = documentOf(group);
  const names = new Map(document.subgraph.nodes.map((node) => [node.id, node.name]));
  const from = [group.startedAt, ...document.changes.map(({ at }) => at)].sort()[0]!;
  const lastEnd = alerts.reduce((last, { endsAt }) => (endsAt !== null && endsAt > last ? endsAt : last), '');
  const to = [group.lastAt, lastEnd, group.state === 'open' ? group.runAt : ''].sort().at(-1)!;
  const events: Event[] = [
    ...alerts.filter(({ role }) => role !== 'duplicate').flatMap(alertEvents),
    ...document.changes.map(({ at, title, service }): Event => ({
      ...noAlert,
      at,
      kind: 'change',
      text: title,
      service,
    })),
    ...said.map(({ at, kind, author, note }): Event => ({
      ...noAlert,
      at,
      kind: 'feedback',
      text: `${author}: ${kind}${note === null ? '' : `, ${note}`}`,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    id,
    name: group.name,
    from,
    to,
    ...buckets(alerts, from, to),
    services: servicesOf(alerts, names, group.rootCause),
    events: events.slice(0, limit),
    eventsLeftOut: Math.max(0, events.length - limit),
  };
}

const noAlert = { alertId: null, service: null, severity: null, role: null } as const;

function alertEvents(alert: ConsolidatedAlert): Event[] {
  const { alertId, node, service, severity, role, name, startsAt, endsAt } = alert;
  const where = node ?? service;
  const base = {
    alertId,
    service: where,
    severity,
    role: role === 'suppressed' ? null : role,
  };
  const place = where === null ? '' : ` at ${where}`;
  return [
    { ...base, at: startsAt, kind: 'alert', text: `${name}${place}` },
    ...(endsAt === null
      ? []
      : [{ ...base, at: endsAt, kind: 'resolved' as const, text: `${name}${place} is over` }]),
  ];
}

function buckets(
  alerts: readonly ConsolidatedAlert[],
  from: string,
  to: string,
): Pick<GroupTimeline, 'bucketSeconds' | 'buckets'> {
  const spanSeconds = (timestampMs(to) - timestampMs(from)) / 1_000;
  const fitting = bucketWidths.find((width) => spanSeconds / width < mostBuckets - 1);
  const widthMs = (fitting ?? Math.ceil(spanSeconds / (mostBuckets - 1))) * 1_000;
  const first = Math.floor(timestampMs(from) / widthMs);
  const count = Math.floor(timestampMs(to) / widthMs) - first + 1;
  const found = Array.from({ length: count }, (_, place) => ({
    at: toTimestamp((first + place) * widthMs),
    alerts: 0,
    critical: 0,
    high: 0,
    warning: 0,
    other: 0,
  }));
  for (const { startsAt, severity } of alerts) {
    const bucket = found[Math.floor(timestampMs(startsAt) / widthMs) - first];
    if (!bucket) continue;
    bucket.alerts++;
    bucket[severity === 'critical' || severity === 'high' || severity === 'warning' ? severity : 'other']++;
  }
  return { bucketSeconds: widthMs / 1_000, buckets: found };
}

interface ServiceFacts {
  firstAt: string;
  lastAt: string;
  endedAt: string | null;
  alerts: number;
  severity: AlertSeverity;
}

function servicesOf(
  alerts: readonly ConsolidatedAlert[],
  names: ReadonlyMap<string, string>,
  rootCause: string | null,
): GroupTimeline['services'] {
  const services = new Map<string, ServiceFacts & { id: string | null; name: string }>();
  for (const { node, service, startsAt, endsAt, status, severity } of alerts) {
    const key = node === null ? `? ${service ?? ''}` : `= ${node}`;
    const end = endsAt ?? (status === 'resolved' ? startsAt : null);
    const known = services.get(key);
    if (known === undefined) {
      services.set(key, {
        id: node,
        name: node === null ? (service ?? 'no service') : (names.get(node) ?? node),
        firstAt: startsAt,
        lastAt: startsAt,
        endedAt: end,
        alerts: 1,
        severity,
      });
      continue;
    }
    known.lastAt = startsAt;
    known.alerts++;
    known.severity = worse(known.severity, severity);
    known.endedAt = known.endedAt === null || end === null ? null : end > known.endedAt ? end : known.endedAt;
  }
  return [...services.values()]
    .slice(0, mostServices)
    .map((facts) => ({ ...facts, isRoot: facts.id !== null && facts.id === rootCause }));
}
