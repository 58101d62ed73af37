import type { Alert, ServiceGraph } from '../../contracts';

/** What ranking reads of the other steps' results: less than they hold, so that each can be tested alone. */

/** Compressed rows: the targets of node v are `targets[offsets[v]] … targets[offsets[v + 1] − 1]`. */
export interface Edges {
  readonly n: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
}

export interface IndexedGraph {
  readonly graph: ServiceGraph;
  /** Along the edges: to what a node depends on, where causes lie. */
  readonly upstream: Edges;
  /** Against the edges: to what depends on a node, where symptoms show. */
  readonly downstream: Edges;
}

export interface PlacedAlert {
  readonly alert: Alert;
  /** Index of the node, −1 for an alert that no node could be found for. */
  readonly node: number;
}

export interface GroupedAlerts {
  /** Group of each alert, 0 … groups − 1. */
  readonly group: Int32Array;
  readonly groups: number;
}

/** How far one node's metrics are from their own past around the storm. */
export interface NodeAnomaly {
  /** Robust deviations, 0 for nothing unusual. */
  readonly score: number;
  /** When the first of them left its usual range, milliseconds since 1970; NaN when that is not known. */
  readonly startedAtMs: number;
  /** The most unusual first. */
  readonly metrics: readonly MetricAnomaly[];
}

export interface MetricAnomaly {
  readonly metric: string;
  readonly score: number;
  readonly direction: 'up' | 'down';
  readonly startedAtMs: number;
}

/** By node index. A node that is not in it has no metrics. */
export type MetricAnomalies = ReadonlyMap<number, NodeAnomaly>;

/** A deployment or another change of a service, as evidence. */
export interface ServiceChange {
  readonly service: string;
  readonly at: string;
  readonly summary: string;
}
