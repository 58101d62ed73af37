import type {
  AlertGroupingRun,
  AlertMappingStatistic,
  ConsolidatedAlert,
  DeduplicatedAlert,
  StoredAlertCluster,
  StoredAlertGroup,
} from '../../contracts';

/** Everything that one grouping run leaves behind: rows of the tables, and lines of the files. */
export interface GroupingResults {
  readonly run: AlertGroupingRun;
  /** One for each alert. */
  readonly consolidated: readonly ConsolidatedAlert[];
  /** In the order of their rank; superseded groups of earlier runs come last. */
  readonly groups: readonly StoredAlertGroup[];
  /** Open groups of the run before that this one has no alert of; in the tables alone. */
  readonly closed: readonly StoredAlertGroup[];
  /** Kinds of alerts; empty without a clustering model. */
  readonly clusters: readonly StoredAlertCluster[];
  /** Primaries. */
  readonly deduplicated: readonly DeduplicatedAlert[];
  readonly mappingStatistics: readonly AlertMappingStatistic[];
}
