import type { AnomalyModelName, ModelVersion, Timestamp } from '../../contracts';
import type { ColumnKind } from './tables';

/** An instance that has scores in a window, or rows that wait for a verdict. */
export interface ScoredInstance {
  readonly instance: string;
  /** Time of the newest row that was scored; null, with what follows, when none was in the window. */
  readonly lastAt: Timestamp | null;
  readonly model: AnomalyModelName | null;
  readonly modelVersion: ModelVersion | null;
  readonly score: number | null;
  readonly label: number | null;
  readonly threshold: number | null;
  /** Rows of the window that have a score. */
  readonly rows: number;
  /** Those of them that were labelled an anomaly. */
  readonly alarms: number;
  /** Rows of any age without a standing verdict. */
  readonly openReviews: number;
}

/** Columns of a `ScoredInstance`, in the order that both engines select them in. */
export const scoredInstanceColumns: readonly { readonly property: string; readonly kind: ColumnKind }[] = [
  { property: 'instance', kind: 'text' },
  { property: 'lastAt', kind: 'timestamp' },
  { property: 'model', kind: 'text' },
  { property: 'modelVersion', kind: 'text' },
  { property: 'score', kind: 'float' },
  { property: 'label', kind: 'integer' },
  { property: 'threshold', kind: 'float' },
  { property: 'rows', kind: 'integer' },
  { property: 'alarms', kind: 'integer' },
  { property: 'openReviews', kind: 'integer' },
];

export interface InstanceOperations {
  /**
   * Instances with scores of rows at or after `from`, and those with rows that wait for a verdict: most alarms
   * first. What a challenger scored silently is left out.
   */
  scoredInstances(
    query: { readonly from: Timestamp; readonly limit: number },
    signal: AbortSignal,
  ): Promise<ScoredInstance[]>;
}
