import type { LogEvent, LogTemplate, Timestamp } from '../../contracts';

export interface LogEventQuery {
  readonly instance?: string;
  readonly templateId?: string;
  /** Half-open: [from, to). */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** The last event of the page before: by time, then by record id. */
  readonly after?: { readonly at: Timestamp; readonly recordId: string };
  readonly limit: number;
}

export interface LogOperations {
  /** Stores events by record id. */
  mergeLogEvents(rows: readonly LogEvent[], signal: AbortSignal): Promise<void>;
  /** In order of time, then of record id. */
  logEventsBetween(query: LogEventQuery, signal: AbortSignal): Promise<LogEvent[]>;
  /** Stores templates by id; a stored one that was updated later stays. */
  mergeLogTemplates(rows: readonly LogTemplate[], signal: AbortSignal): Promise<void>;
  /** All of them, by id. */
  logTemplates(signal: AbortSignal): Promise<LogTemplate[]>;
}
