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

/** What a person said about a group. */
export const feedbackKinds = ['confirm', 'split', 'merge', 'wrong-cause'] as const;
export const feedbackKindSchema = z.enum(feedbackKinds);
export type FeedbackKind = z.infer<typeof feedbackKindSchema>;
