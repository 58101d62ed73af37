import type { DataQuality, FeatureSet, MetricPoint, Timestamp } from '../../contracts';

/** What of which instances is turned into features: minutes in [from, to), whole ones. */
export interface FeatureQuery {
  readonly set: FeatureSet;
  readonly instances: readonly string[];
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** Features of some minutes: columns, and a matrix for the features. */
export interface FeatureRows {
  /** Instances of these rows. */
  readonly instances: readonly string[];
  /** Per row, its place in `instances`. */
  readonly instanceOf: Uint32Array;
  /** Per row, minutes since 1970. */
  readonly minutes: Int32Array;
  /** n × d, row-major, a column per feature of the set; NaN where it is missing. */
  readonly matrix: { readonly values: Float32Array; readonly n: number; readonly d: number };
}

export interface FeatureOperations {
  /**
   * Features by SQL windows, part by part in the order of instances and minutes, so that memory stays bounded. A
   * minute without the value of any metric is no row (for a set of log features alone: without a record). They
   * are what `FeatureWindow` gives for the same readings, within 1e-6.
   */
  metricFeatures(query: FeatureQuery, signal: AbortSignal): AsyncIterable<FeatureRows>;
  /** Points that no feature is made of: not finite, too large, or outside their metric's range. Newest first. */
  unusablePoints(
    query: FeatureQuery & { readonly limit: number },
    signal: AbortSignal,
  ): Promise<MetricPoint[]>;
  /** Points of one instance in [from, to), by metric and time. */
  recentPoints(
    query: { readonly instance: string; readonly from: Timestamp; readonly to: Timestamp },
    signal: AbortSignal,
  ): Promise<MetricPoint[]>;
  mergeDataQuality(rows: readonly DataQuality[], signal: AbortSignal): Promise<void>;
  /** Newest first. */
  dataQuality(
    query: { readonly subject?: string; readonly scope?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<DataQuality[]>;
}
