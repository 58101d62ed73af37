import type {
  ClusteringPrediction,
  Incident,
  Pipeline,
  PipelineRun,
  Position,
  PreprocessedIncident,
  QuarantinedRow,
  Timestamp,
  Watermark,
} from '../../contracts';
import type { AlertGroupOperations } from './alertGroupOperations';
import type { AlertOperations } from './alertOperations';
import type { AnomalyOperations } from './anomalyOperations';
import type { FeatureOperations } from './featureOperations';
import type { ExplanationOperations } from './explanationOperations';
import type { InstanceOperations } from './instanceOperations';
import type { LogOperations } from './logOperations';
import type { MetricOperations } from './metricOperations';
import type { ReviewOperations } from './reviewOperations';

/**
 * Named operations on the tables of the design, not a query builder: each engine writes its own SQL. Every write
 * is idempotent on the table's key; a write that returns is durable. Pages are ordered by (sysCreatedOn, number)
 * and start after a position, so equal timestamps at a page edge lose nothing.
 *
 * Throws WAREHOUSE_UNAVAILABLE, WAREHOUSE_BUSY (retryable), WAREHOUSE_REJECTED, CREDENTIAL_REJECTED.
 */
export interface Warehouse
  extends
    AlertGroupOperations,
    MetricOperations,
    LogOperations,
    FeatureOperations,
    AnomalyOperations,
    ExplanationOperations,
    InstanceOperations,
    ReviewOperations,
    AlertOperations {
  /** Creates what is missing: dataset and tables. */
  prepare(signal: AbortSignal): Promise<void>;

  /** Inserts tickets, replaces those with a known number. The cloud's source table is read only unless it is ours. */
  mergeIncidents(rows: readonly Incident[], signal: AbortSignal): Promise<void>;
  incident(number: string, signal: AbortSignal): Promise<Incident | undefined>;
  incidents(numbers: readonly string[], signal: AbortSignal): Promise<Incident[]>;
  /** Tech centres of the source, in lexical order. */
  techCenters(
    signal: AbortSignal,
  ): Promise<{ techCenter: string; incidents: number; lastCreatedOn: Timestamp }[]>;
  /** Raw tickets of a centre (or of all) in a time window, for what needs the text itself. */
  incidentsBetween(query: WindowQuery, signal: AbortSignal): Promise<Incident[]>;
  /**
   * Tickets of the centre with time >= `from` (all when undefined), after `after`, that are neither preprocessed
   * nor quarantined under `quarantineSource`.
   */
  unprocessedIncidents(
    query: {
      techCenter: string;
      from: Timestamp | undefined;
      after: Position | undefined;
      quarantineSource: string;
      limit: number;
    },
    signal: AbortSignal,
  ): Promise<Incident[]>;
  /** How many tickets older than `before` are neither preprocessed nor quarantined: too late for the overlap. */
  countUnprocessedBefore(
    query: { techCenter: string; before: Timestamp; quarantineSource: string },
    signal: AbortSignal,
  ): Promise<number>;

  mergePreprocessed(rows: readonly PreprocessedIncident[], signal: AbortSignal): Promise<void>;
  preprocessedBetween(query: WindowQuery, signal: AbortSignal): Promise<PreprocessedIncident[]>;
  preprocessed(numbers: readonly string[], signal: AbortSignal): Promise<PreprocessedIncident[]>;
  /** The preprocessed incidents nearest to a vector of the same embedder by cosine, nearest first. */
  nearestPreprocessed(
    query: {
      readonly vector: Float32Array;
      readonly embeddingModel: string;
      /** Only incidents created before. */
      readonly before: Timestamp;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<{ number: string; techCenter: string; similarity: number }[]>;
  /** Preprocessed rows of the centre that have no prediction of `modelVersion`, with time >= `from` when given. */
  unpredicted(
    query: {
      techCenter: string;
      modelVersion: string;
      from: Timestamp | undefined;
      after: Position | undefined;
      limit: number;
    },
    signal: AbortSignal,
  ): Promise<PreprocessedIncident[]>;

  watermark(techCenter: string, signal: AbortSignal): Promise<Watermark | undefined>;
  /** Moves the watermark forward; one that is not later than the stored one changes nothing. */
  advanceWatermark(watermark: Watermark, signal: AbortSignal): Promise<void>;

  mergePredictions(rows: readonly ClusteringPrediction[], signal: AbortSignal): Promise<void>;
  /** All predictions of one ticket, newest first. */
  predictionsOf(number: string, signal: AbortSignal): Promise<ClusteringPrediction[]>;
  /** The newest prediction of each ticket that has one, by ticket number: one read, however many tickets. */
  latestPredictions(numbers: readonly string[], signal: AbortSignal): Promise<ClusteringPrediction[]>;
  predictionsBetween(
    query: WindowQuery & { modelVersion: string; cluster?: number },
    signal: AbortSignal,
  ): Promise<ClusteringPrediction[]>;
  /** Number of predicted tickets per cluster and week (the week's Monday, 00:00 UTC). */
  clusterSizesByWeek(
    query: { techCenter: string; modelVersion: string },
    signal: AbortSignal,
  ): Promise<{ cluster: number; week: Timestamp; incidents: number }[]>;

  mergeQuarantined(rows: readonly QuarantinedRow[], signal: AbortSignal): Promise<void>;
  /** Newest first; `key` is what the row is known by in its source, the ticket number for the preprocessing. */
  quarantined(
    query: { source?: string; key?: string; limit: number },
    signal: AbortSignal,
  ): Promise<QuarantinedRow[]>;
  countQuarantined(query: { source?: string }, signal: AbortSignal): Promise<number>;

  recordRun(run: PipelineRun, signal: AbortSignal): Promise<void>;
  /** Newest first. */
  runs(
    query: { pipeline?: Pipeline; scope?: string; limit: number },
    signal: AbortSignal,
  ): Promise<PipelineRun[]>;
  /** Rows per centre: source, preprocessed, predicted. */
  centerCounts(
    signal: AbortSignal,
  ): Promise<{ techCenter: string; incidents: number; preprocessed: number; predicted: number }[]>;

  /** Full-text-like search over short description and number, newest first; case-insensitive substring of every word. */
  searchIncidents(
    query: { text: string; techCenter?: string; limit: number },
    signal: AbortSignal,
  ): Promise<Incident[]>;

  close(): Promise<void>;
}

/** A half-open window in time [from, to), paged by position. */
export interface WindowQuery {
  readonly techCenter?: string;
  readonly from?: Timestamp;
  readonly to?: Timestamp;
  readonly after?: Position;
  readonly limit: number;
}
