/** How many of the services that alert a graph has; what it does not have is grouped without it. */
export interface GraphCoverage {
  readonly alertingServices: number;
  readonly inGraph: number;
  /** Null when enough of them are in the graph, or none alerted. */
  readonly warning: string | null;
}

/** Below this share a graph is more likely another estate's, or has other names, than incomplete. */
const leastShare = 0.5;
const namesTold = 5;

/** A service counts as found when one of its alerts was mapped to a node; alerts without a service do not count. */
export function graphCoverage(
  alerts: Iterable<{ readonly service: string | null; readonly mapped: boolean }>,
): GraphCoverage {
  const found = new Map<string, boolean>();
  for (const { service, mapped } of alerts) {
    if (service !== null) found.set(service, mapped || found.get(service) === true);
  }
  const missing = [...found].filter(([, mapped]) => !mapped).map(([service]) => service);
  const total = found.size;
  const inGraph = total - missing.length;
  if (total === 0 || inGraph >= leastShare * total)
    return { alertingServices: total, inGraph, warning: null };
  const services = `alerting ${total === 1 ? 'service is' : 'services are'}`;
  const names = missing.sort().slice(0, namesTold).join(', ');
  const more = missing.length > namesTold ? ` and ${missing.length - namesTold} more` : '';
  const warning = `${inGraph} of ${total} ${services} in this graph; not in it: ${names}${more}`;
  return { alertingServices: total, inGraph, warning };
}
