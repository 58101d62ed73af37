import type {
  AlertGroupingRun,
  AlertMappingStatistic,
  AlertSeverity,
  ConsolidatedAlert,
  DeduplicatedAlert,
  StoredAlertCluster,
  StoredAlertGroup,
  StoredGroupFeedback,
  Timestamp,
} from '../../contracts';

export interface AlertGroupQuery {
  /** Groups whose newest alert started at or after, and those that a run since then found open. */
  readonly from?: Timestamp;
  readonly state?: 'open' | 'resolved';
  readonly severity?: AlertSeverity;
  /** Node id of an alerting service or of the likely cause. */
  readonly service?: string;
  readonly minimumImportance?: number;
  /** Every word must be in the name, in any case. */
  readonly text?: string;
}

/** Results of grouping runs. Rows of a run count from the moment on that the run itself is recorded. */
export interface AlertGroupOperations {
  mergeConsolidatedAlerts(rows: readonly ConsolidatedAlert[], signal: AbortSignal): Promise<void>;
  mergeAlertGroups(rows: readonly StoredAlertGroup[], signal: AbortSignal): Promise<void>;
  mergeAlertClusters(rows: readonly StoredAlertCluster[], signal: AbortSignal): Promise<void>;
  mergeDeduplicatedAlerts(rows: readonly DeduplicatedAlert[], signal: AbortSignal): Promise<void>;
  mergeAlertMappingStatistics(rows: readonly AlertMappingStatistic[], signal: AbortSignal): Promise<void>;
  recordAlertGrouping(run: AlertGroupingRun, signal: AbortSignal): Promise<void>;

  /** Complete runs, newest first. */
  alertGroupingRuns(
    query: {
      readonly runId?: string;
      readonly scope?: string;
      /** Grouped up to an earlier moment than this. */
      readonly before?: Timestamp;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<AlertGroupingRun[]>;
  /** The newest row of each group that is not superseded, most important first, then newest, then by id. */
  alertGroups(
    query: AlertGroupQuery & { readonly limit: number; readonly offset: number },
    signal: AbortSignal,
  ): Promise<StoredAlertGroup[]>;
  countAlertGroups(query: AlertGroupQuery, signal: AbortSignal): Promise<number>;
  /** The newest row of one group, superseded or not. */
  alertGroup(groupId: string, signal: AbortSignal): Promise<StoredAlertGroup | undefined>;
  /** All groups of one run, in the order of their rank; superseded ones are left out. */
  alertGroupsOfRun(runId: string, signal: AbortSignal): Promise<StoredAlertGroup[]>;
  /** Primaries first, then symptoms, then the rest, each in the order of their starts. */
  consolidatedAlerts(
    query: {
      readonly runId: string;
      readonly groupId?: string;
      readonly limit: number;
      readonly offset: number;
    },
    signal: AbortSignal,
  ): Promise<ConsolidatedAlert[]>;
  /** Which group each alert of a run was put into. */
  alertGroupMembers(
    runId: string,
    signal: AbortSignal,
  ): Promise<{ readonly alertId: string; readonly groupId: string }[]>;
  /** In the order of their numbers. */
  alertClusters(runId: string, signal: AbortSignal): Promise<StoredAlertCluster[]>;
  deduplicatedAlerts(
    query: { readonly runId: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<DeduplicatedAlert[]>;
  alertMappingStatistics(runId: string, signal: AbortSignal): Promise<AlertMappingStatistic[]>;

  /** Stores feedback by id. */
  mergeAlertFeedback(rows: readonly StoredGroupFeedback[], signal: AbortSignal): Promise<void>;
  /** The newest of it, in the order in which it was given. */
  alertFeedback(
    query: { readonly groupId?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<StoredGroupFeedback[]>;
  /** How often people said something, by group. */
  countAlertFeedback(
    groupIds: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly groupId: string; readonly feedback: number }[]>;
}
