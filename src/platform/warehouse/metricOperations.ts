import type { MetricKind, MetricPoint, Timestamp } from '../../contracts';

/** What is known of one metric of one instance. */
export interface MetricSummary {
  readonly instance: string;
  readonly metric: string;
  /** As the newest point says. */
  readonly kind: MetricKind;
  readonly unit: string | null;
  readonly points: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
}

export interface MetricOperations {
  /**
   * Stores points by (instance, metric, at). A stored point that arrived later than the one given stays, so that
   * a batch that is worked through again never undoes a correction.
   */
  mergeMetricPoints(rows: readonly MetricPoint[], signal: AbortSignal): Promise<void>;
  /** Every metric of every instance with points in [from, to), by instance and metric. */
  metricCatalog(
    query: { readonly from?: Timestamp; readonly to?: Timestamp },
    signal: AbortSignal,
  ): Promise<MetricSummary[]>;
}
