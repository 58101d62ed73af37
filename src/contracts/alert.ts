import { z } from 'zod';
import type { Timestamp } from './timestamp';

/** Alerts of any monitoring system in one shape, and what people say about their groups. */

/** From worst to least; `unknown` when the sender's word is none that we know. */
export const alertSeverities = ['critical', 'high', 'warning', 'low', 'info', 'unknown'] as const;
export const alertSeveritySchema = z.enum(alertSeverities);
export type AlertSeverity = z.infer<typeof alertSeveritySchema>;

export const alertStatuses = ['firing', 'acknowledged', 'resolved'] as const;
export const alertStatusSchema = z.enum(alertStatuses);
export type AlertStatus = z.infer<typeof alertStatusSchema>;

export interface Alert {
  /** Of one firing: the sender's own id, else made from source, fingerprint and start. */
  readonly id: string;
  /** The system that sent it: `alertmanager`, `grafana`, `azure-monitor`, `cloudwatch`, `pagerduty`, `datadog`, `csv`, … */
  readonly source: string;
  readonly name: string;
  readonly service: string | null;
  /** What of the service: host, pod, queue, database; null when the alert does not say. */
  readonly resource: string | null;
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly startsAt: Timestamp;
  /** Null while it lasts. */
  readonly endsAt: Timestamp | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
  /** The same for every firing of one condition on one resource. */
  readonly fingerprint: string;
}

/** An alert as the warehouse keeps it: what all messages about one firing say together. */
export interface StoredAlert extends Alert {
  /** When its sender last said something of it: of two messages the later one's words stay. */
  readonly saidAt: Timestamp;
  /** When it was first heard of. */
  readonly arrivedAt: Timestamp;
  /** The batch that spoke of it last. */
  readonly batchId: string;
}

/**
 * Two messages about one firing as one: the earliest start and the latest end; what one of them calls resolved is, so
 * that a late `firing` reopens nothing. The other words are those of `later`, whichever came first, unless it has none:
 * a message that something is over often says no more.
 */
export function combineFirings<T extends Alert>(earlier: T, later: T): T {
  const ends = [earlier.endsAt, later.endsAt].filter((end) => end !== null).sort();
  return {
    ...later,
    service: later.service ?? earlier.service,
    resource: later.resource ?? earlier.resource,
    severity: later.severity === 'unknown' ? earlier.severity : later.severity,
    startsAt: earlier.startsAt < later.startsAt ? earlier.startsAt : later.startsAt,
    endsAt: ends.at(-1) ?? null,
    status: earlier.status === 'resolved' ? 'resolved' : later.status,
  };
}

/** What a person said about a group. */
export const feedbackKinds = ['confirm', 'split', 'merge', 'wrong-cause'] as const;
export const feedbackKindSchema = z.enum(feedbackKinds);
export type FeedbackKind = z.infer<typeof feedbackKindSchema>;
