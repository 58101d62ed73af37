import type { ChangeEvent, MaintenanceWindow, StoredAlert, Timestamp } from '../../contracts';

export interface AlertQuery {
  /** Half-open by the start of the alert: [from, to). */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** Also alerts that were firing then, however long before `from` they began. */
  readonly openAt?: Timestamp;
  /** Of those that fire since before `from` only what was spoken of at this time or later: some are never ended. */
  readonly openSince?: Timestamp;
  /** Only what was first heard of later. */
  readonly arrivedAfter?: Timestamp;
  readonly source?: string;
  /** The last alert of the page before: by start, then by id. */
  readonly after?: { readonly startsAt: Timestamp; readonly id: string };
  readonly limit: number;
}

/** How often one condition fired. */
export interface AlertHistory {
  readonly fingerprint: string;
  readonly firings: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
}

export interface AlertOperations {
  /**
   * Stores alerts by id. What is said of a firing that is known is combined with what was said before
   * (`combineFirings`), whatever arrives first: earliest start, latest end, and resolved stays resolved.
   */
  mergeAlerts(rows: readonly StoredAlert[], signal: AbortSignal): Promise<void>;
  /** By start, then by id. */
  alertsBetween(query: AlertQuery, signal: AbortSignal): Promise<StoredAlert[]>;
  /** In the same order; ids that nobody knows are left out. */
  alertsByIds(ids: readonly string[], signal: AbortSignal): Promise<StoredAlert[]>;
  /** Every firing of the conditions that began at `from` or later, or is not resolved, in the same order. */
  firingsOf(
    query: { readonly fingerprints: readonly string[]; readonly from: Timestamp },
    signal: AbortSignal,
  ): Promise<StoredAlert[]>;
  /** Firings that began in [from, to) by condition, in order of the fingerprint; all conditions, or those named. */
  alertHistory(
    query: { readonly from: Timestamp; readonly to: Timestamp; readonly fingerprints?: readonly string[] },
    signal: AbortSignal,
  ): Promise<AlertHistory[]>;
  /** Sources of alerts that began in [from, to), or were firing at `openAt`, in lexical order. */
  alertSources(
    query: Pick<AlertQuery, 'from' | 'to' | 'openAt' | 'openSince'>,
    signal: AbortSignal,
  ): Promise<{ readonly source: string; readonly alerts: number }[]>;

  /** Stores windows by id. */
  mergeMaintenanceWindows(rows: readonly MaintenanceWindow[], signal: AbortSignal): Promise<void>;
  /** Windows that overlap [from, to), by start and then by id; all when neither is given. */
  maintenanceWindows(
    query: {
      readonly windowId?: string;
      readonly from?: Timestamp;
      readonly to?: Timestamp;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<MaintenanceWindow[]>;

  /** Stores changes by id; of two with one id that which is written last stays. */
  mergeChangeEvents(rows: readonly ChangeEvent[], signal: AbortSignal): Promise<void>;
  /** Changes in [from, to), newest first. */
  changeEventsBetween(
    query: {
      readonly from: Timestamp;
      readonly to: Timestamp;
      readonly service?: string;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<ChangeEvent[]>;
}
