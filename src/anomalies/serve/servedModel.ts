import type { AnomalyModelName, Contribution, FeatureSet, ModelVersion } from '../../contracts';
import type { Matrix } from '../../learn/matrix';

/** What a model says of n rows. */
export interface Classified {
  /** n, 1 for an anomaly. */
  readonly labels: BigInt64Array;
  /** n × 2, row-major: of being normal, of being an anomaly. */
  readonly probabilities: Float32Array;
}

/** One version of a model, in memory and warm. */
export interface ServedModel {
  readonly name: AnomalyModelName;
  readonly version: ModelVersion;
  /** Names of the columns, in order. */
  readonly features: readonly string[];
  /** How the columns are made from metrics and logs. */
  readonly featureSet: FeatureSet;
  /** Probability from which on a row is labelled an anomaly. */
  readonly threshold: number;
  /** Answers for all rows at once. Throws when it is closed. */
  classify(rows: Matrix, signal: AbortSignal): Promise<Classified>;
  /** Per row at most `limit` features, the largest contribution first. */
  contributions(rows: Matrix, limit: number, signal: AbortSignal): Promise<Contribution[][]>;
  close(): Promise<void>;
}
