import type { AlertSeverity } from '../../contracts';

/** What senders call their severities, by source; each row is from the sender's own documentation. */
const words: Readonly<Record<string, AlertSeverity>> = {
  // Prometheus rules in the wild, syslog (RFC 5424), Zabbix, Nagios, Grafana, Opsgenie.
  critical: 'critical',
  crit: 'critical',
  emergency: 'critical',
  emerg: 'critical',
  panic: 'critical',
  fatal: 'critical',
  disaster: 'critical',
  page: 'critical',
  blocker: 'critical',
  alert: 'critical',
  high: 'high',
  major: 'high',
  error: 'high',
  err: 'high',
  severe: 'high',
  urgent: 'high',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  moderate: 'warning',
  average: 'warning',
  minor: 'low',
  low: 'low',
  notice: 'low',
  ticket: 'low',
  info: 'info',
  information: 'info',
  informational: 'info',
  verbose: 'info',
  debug: 'info',
  none: 'info',
  ok: 'info',
  // Azure Monitor (0 critical, 1 error, 2 warning) and severities of incidents.
  sev0: 'critical',
  sev1: 'high',
  sev2: 'warning',
  sev3: 'low',
  sev4: 'info',
  // Priorities of Datadog, Opsgenie and PagerDuty.
  p0: 'critical',
  p1: 'critical',
  p2: 'high',
  p3: 'warning',
  p4: 'low',
  p5: 'info',
};

/** Numbers alone, as priorities are counted nearly everywhere: 1 is worst. */
const numbers: readonly AlertSeverity[] = ['critical', 'critical', 'high', 'warning', 'low', 'info'];

/** Words that mean something else with one sender than with the others. */
const bySource: Readonly<Record<string, Readonly<Record<string, AlertSeverity>>>> = {
  // The alert type of an event: `error` is what everybody else calls critical, `success` a recovery.
  datadog: { error: 'critical', success: 'info', user_update: 'info', snapshot: 'info' },
  // Of Azure Monitor alone is 3 for information.
  'azure-monitor': { sev3: 'info', sev4: 'info' },
  // Urgency of an incident.
  pagerduty: { high: 'high', low: 'low' },
  // Alarms have no severity: a state says that it is one.
  cloudwatch: { alarm: 'high', insufficient_data: 'warning' },
};

export interface ReadSeverity {
  readonly severity: AlertSeverity;
  /** The sender's word, when it is none that is known; undefined when it is, or when there is none. */
  readonly unknownWord: string | undefined;
}

/** Characters of a word that nobody knows. */
const longestWord = 100;

/** `unknown` for a word that nobody knows, and for none. */
export function readSeverity(source: string, value: unknown): ReadSeverity {
  if (value === undefined || value === null) return { severity: 'unknown', unknownWord: undefined };
  if (typeof value !== 'string' && typeof value !== 'number') {
    return { severity: 'unknown', unknownWord: (JSON.stringify(value) ?? '').slice(0, longestWord) };
  }
  const text = String(value).trim();
  const word = text.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (word === '' || word === 'unknown') return { severity: 'unknown', unknownWord: undefined };
  const known =
    bySource[source]?.[word] ??
    words[word] ??
    words[word.replaceAll('_', '')] ??
    // `severity-2`, `priority_1`, `1 - Critical`.
    words[/^\d_*(?:-_*)?([a-z]+)$/.exec(word)?.[1] ?? ''] ??
    numbers[Number(/^(?:severity|priority|level)?_?(\d)$/.exec(word)?.[1] ?? Number.NaN)];
  return known === undefined
    ? { severity: 'unknown', unknownWord: text.slice(0, longestWord) }
    : { severity: known, unknownWord: undefined };
}
