import { alertSeverities, type Alert, type AlertSeverity } from '../../contracts';

/** What a profile is made of; `service` may be the node of the graph that an alert was mapped to. */
export type ProfiledAlert = Pick<Alert, 'name' | 'service' | 'severity'>;

export interface CountedName {
  readonly name: string;
  readonly count: number;
}

/** A kind of alert, as people recognise it. */
export interface ClusterProfile {
  /** −1 for alerts that resemble no kind. */
  readonly cluster: number;
  readonly size: number;
  /** Of all alerts profiled. */
  readonly share: number;
  /** Most frequent alert names, at most five. */
  readonly topAlerts: readonly CountedName[];
  /** Most frequent services, at most five; alerts without one are not counted. */
  readonly topServices: readonly CountedName[];
  readonly severities: Readonly<Record<AlertSeverity, number>>;
  readonly mostCommonAlert: string;
  /** Null when no alert of the cluster has a service. */
  readonly mostCommonService: string | null;
}

const listed = 5;

/**
 * One profile per cluster that has alerts, largest first, alerts without a cluster (−1) last. Equally frequent names
 * stand in lexical order.
 * @param labels cluster of each alert
 */
export function clusterProfiles(
  alerts: readonly ProfiledAlert[],
  labels: ArrayLike<number>,
): ClusterProfile[] {
  const members = new Map<number, ProfiledAlert[]>();
  alerts.forEach((alert, index) => {
    const label = labels[index]!;
    const known = members.get(label);
    if (known) known.push(alert);
    else members.set(label, [alert]);
  });
  return [...members]
    .map(([cluster, own]) => profile(cluster, own, alerts.length))
    .sort(
      (a, b) => Number(a.cluster < 0) - Number(b.cluster < 0) || b.size - a.size || a.cluster - b.cluster,
    );
}

function profile(cluster: number, members: readonly ProfiledAlert[], total: number): ClusterProfile {
  const alerts = mostFrequent(members.map(({ name }) => name));
  const services = mostFrequent(members.flatMap(({ service }) => (service === null ? [] : [service])));
  const severities = Object.fromEntries(alertSeverities.map((severity) => [severity, 0])) as Record<
    AlertSeverity,
    number
  >;
  for (const { severity } of members) severities[severity]++;
  return {
    cluster,
    size: members.length,
    share: members.length / total,
    topAlerts: alerts.slice(0, listed),
    topServices: services.slice(0, listed),
    severities,
    mostCommonAlert: alerts[0]!.name,
    mostCommonService: services[0]?.name ?? null,
  };
}

function mostFrequent(names: readonly string[]): CountedName[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
