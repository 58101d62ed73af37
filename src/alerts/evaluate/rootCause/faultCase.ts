import type { GraphIndex } from '../../graph/graphIndex';
import type { NodeMetric } from '../../rank';

/** One injected fault of a data set: what was measured around it, and where it was. */
export interface FaultCase {
  readonly name: string;
  /** What is reported together: traffic and complaint, or type of fault. */
  readonly kind: string;
  readonly index: GraphIndex;
  readonly metrics: readonly NodeMetric[];
  /** Node of the alert that told of the fault; null when the data set names none. */
  readonly alerting: number | null;
  /** Where users would notice it: what graph traversal starts from. */
  readonly complaint: Complaint;
  /** Node of the fault. */
  readonly root: number;
  /** Nodes that can be named as the root; every node when null. */
  readonly candidates: ReadonlySet<number> | null;
}

export interface Complaint {
  readonly node: number;
  /** Name of the metric as in `metrics`. */
  readonly metric: string;
}

export interface FaultData {
  readonly dataSet: 'petshop' | 'online_boutique';
  readonly cases: readonly FaultCase[];
  /** What had to be left out or borrowed, as sentences. */
  readonly notes: readonly string[];
}
