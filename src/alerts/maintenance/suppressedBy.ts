import type { Alert, LabelMatcher, MaintenanceWindow, Timestamp } from '../../contracts';

/** What is known of an alert beside what it says itself. */
export interface SuppressionContext {
  /** Id and names of the service that the alert was mapped to. */
  readonly services?: readonly string[];
  /** The team that the graph names for it. */
  readonly team?: string | null;
  /** The moment that is asked about; without it, the alert is judged by when it began alone. */
  readonly at?: Timestamp;
}

/**
 * The window under which an alert disturbs nobody, or undefined. It began in the window; one that began before is a
 * trouble of its own, and one that still fires at `at`, when the window is over, is one by now. Nothing is lost: the
 * alert stays stored and shown, and a window that is ended or entered late holds from then on for what it covers.
 * Of several windows that fit, the first by start and id.
 */
export function suppressedBy(
  alert: Alert,
  windows: readonly MaintenanceWindow[],
  context: SuppressionContext = {},
): MaintenanceWindow | undefined {
  let found: MaintenanceWindow | undefined;
  for (const window of windows) {
    if (!covers(window, alert, context.at) || !fits(window, alert, context)) continue;
    if (found === undefined || orderOf(window) < orderOf(found)) found = window;
  }
  return found;
}

function covers({ startsAt, endsAt }: MaintenanceWindow, alert: Alert, at: Timestamp | undefined): boolean {
  if (alert.startsAt < startsAt || alert.startsAt >= endsAt) return false;
  const outlasts = alert.status !== 'resolved' && at !== undefined && at >= endsAt;
  return !outlasts;
}

function fits(window: MaintenanceWindow, alert: Alert, { services = [], team }: SuppressionContext): boolean {
  // A window that names nothing would silence everything: none is taken, and one that was made fits nothing.
  if (window.services.length + window.teams.length + window.matchers.length === 0) return false;
  if (window.services.length > 0) {
    const called = new Set([...services, alert.service ?? ''].map(normal).filter((name) => name !== ''));
    if (!window.services.some((service) => called.has(normal(service)))) return false;
  }
  if (window.teams.length > 0) {
    const teams = new Set([team ?? '', alert.labels['team'] ?? ''].map(normal).filter((name) => name !== ''));
    if (!window.teams.some((name) => teams.has(normal(name)))) return false;
  }
  return window.matchers.every((matcher) => matches(matcher, alert));
}

function matches({ label, value }: LabelMatcher, alert: Alert): boolean {
  const found = Object.hasOwn(alert.labels, label) ? alert.labels[label] : fieldOf(alert, label);
  return found !== undefined && found !== null && fitsPattern(found, value);
}

function fieldOf(alert: Alert, label: string): string | null | undefined {
  switch (label) {
    case 'name':
    case 'source':
    case 'severity':
    case 'service':
    case 'resource':
      return alert[label];
    default:
      return undefined;
  }
}

/** `*` stands for any text. In time linear to the text for each part, whatever the pattern: no regular expression. */
function fitsPattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}

function normal(name: string): string {
  return name.trim().toLowerCase();
}

function orderOf({ startsAt, windowId }: MaintenanceWindow): string {
  return `${startsAt} ${windowId}`;
}
