import { z } from 'zod';
import type { Timestamp } from './timestamp';

/** What instances report: metric points and log events, as the warehouse keeps them. */

/** Longest name of an instance or a metric. */
export const longestObservedName = 200;
export const instanceNameSchema = z.string().min(1).max(longestObservedName);
export const metricNameSchema = z.string().min(1).max(longestObservedName);

/** A gauge is a level; a counter only grows and starts again at 0 when its process does. */
export const metricKindSchema = z.enum(['gauge', 'counter']);
export type MetricKind = z.infer<typeof metricKindSchema>;

/** One measured value. Of several with the same instance, metric and time the one that arrived last stays. */
export interface MetricPoint {
  /** The server, container or service that was measured. */
  readonly instance: string;
  readonly metric: string;
  readonly at: Timestamp;
  readonly value: number;
  readonly kind: MetricKind;
  /** UCUM unit as the sender names it (`By`, `ms`, `1`); null when unknown. */
  readonly unit: string | null;
  readonly batchId: string;
  readonly arrivedAt: Timestamp;
}

export const logLevels = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One parsed log record. */
export interface LogEvent {
  /**
   * Stays the same when a batch is sent again: made from the batch and the record's place in it, or from the
   * record's own name where its sender gives one (`record_id`).
   */
  readonly recordId: string;
  readonly instance: string;
  readonly at: Timestamp;
  readonly level: LogLevel;
  /** The logger, program or file that wrote it; null when the record does not say. */
  readonly source: string | null;
  /** Redacted and cut to a length that a table can bear; the raw record stays in the raw-logs container. */
  readonly message: string;
  readonly templateId: string;
  /** A flat JSON object of what else the record carried. */
  readonly metadataJson: string;
  readonly batchId: string;
  readonly arrivedAt: Timestamp;
}

/** A message with its variable parts replaced; its id outlives the process and every later generalisation. */
export interface LogTemplate {
  readonly templateId: string;
  /** 1 when first seen, then one more with every generalisation. */
  readonly version: number;
  readonly template: string;
  readonly firstSeenAt: Timestamp;
  /** Instance that wrote it first. */
  readonly firstInstance: string;
  readonly updatedAt: Timestamp;
}

/** How good one batch of data was, kept as history. */
export interface DataQuality {
  readonly batchId: string;
  /** What was checked: `metrics`, `logs` or `features`. */
  readonly subject: string;
  readonly scope: string;
  readonly rows: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Share of passed checks, weighted by their importance, in [0, 1]. */
  readonly score: number;
  /** JSON list of the checks: name, failed rows, detail. */
  readonly checksJson: string;
  readonly checkedAt: Timestamp;
}
