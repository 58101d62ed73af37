import type { RunControl } from '../../learn/run';
import type { EnrichedAlert } from '../enrich';
import type { GraphIndex } from '../graph/graphIndex';

/** Kinds of alerts, as the grouping run reads them: the current clustering model behind one call. */
export interface AlertKinds {
  /** Version of the model. */
  readonly version: string;
  /** What the statistics of a run say of the model. */
  readonly model: Readonly<Record<string, unknown>>;
  place(input: KindsInput, control: RunControl): Promise<PlacedKinds>;
}

export interface KindsInput {
  readonly enriched: readonly EnrichedAlert[];
  readonly group: Int32Array;
  readonly index: GraphIndex;
}

export interface PlacedKinds {
  /** Per alert; −1 where it resembles none. */
  readonly cluster: Int32Array;
  /** In [0, 1]; 0 where the cluster is −1. */
  readonly confidence: Float32Array;
  /** 1 for an alert unlike all others. */
  readonly outlier: Uint8Array;
  readonly profiles: readonly KindProfile[];
}

/** One kind over the alerts of the run. */
export interface KindProfile {
  readonly cluster: number;
  readonly label: string;
  readonly size: number;
  readonly topAlerts: readonly { readonly name: string; readonly alerts: number }[];
  readonly topServices: readonly { readonly name: string; readonly alerts: number }[];
  readonly severities: Readonly<Record<string, number>>;
}
