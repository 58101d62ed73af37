import type { AnomalyModelName, Contribution, ModelVersion } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { calibrate, type Calibration } from '../../learn/select';
import type { FittedGradientBoosting } from '../../learn/trees';
import type { FittedSymmetricBoosting } from '../../learn/trees/symmetric';
import { combinedScore, softplus, type Blend } from './blend';
import { contributionsOf } from './contributions';
import type { UnsupervisedStack } from './unsupervisedStack';

/** Boosted trees of either family, over the columns of the data. */
export type BoostedModel =
  | { readonly family: 'gradient'; readonly fitted: FittedGradientBoosting }
  | { readonly family: 'symmetric'; readonly fitted: FittedSymmetricBoosting };

/** What training hands over. */
export interface AnomalyModelParts {
  readonly name: AnomalyModelName;
  /** In the order of the columns. */
  readonly features: readonly string[];
  readonly featureSetId: string;
  readonly stack: UnsupervisedStack;
  readonly blend: Blend;
  /** Undefined where no labels were good enough, and for the isolation forest. */
  readonly trees: BoostedModel | undefined;
  /** Over margins. */
  readonly calibration: Calibration;
  /** Probability from which on a row is called an anomaly. */
  readonly threshold: number;
}

/** A trained model of anomalies, in one process and without a runtime of its own. */
export interface AnomalyModel extends AnomalyModelParts {
  readonly version: ModelVersion;
  /** One graph: `x` n × d FP32 to `label` INT64 n and `probabilities` FP32 n × 2. */
  readonly onnx: Uint8Array;
  /**
   * Probability of an anomaly for each row (`n × features`, NaN for missing values), within 1e-5 of the graph's.
   * @throws DATA_EMPTY, DATA_RAGGED, DATA_WIDTH_MISMATCH, DATA_NOT_FINITE for an infinite value.
   */
  score(rows: Matrix): { readonly probabilities: Float32Array };
  /**
   * The features that moved each row's margin most, at most `limit` each, largest first: exact TreeSHAP of the trees,
   * and each unsupervised score's part shared out over the features it was made of, by how far each is off. In
   * log-odds before calibration.
   */
  contributions(rows: Matrix, limit: number, run?: RunControl): Promise<Contribution[][]>;
}

/** Log-odds before calibration. */
export function marginsOf(
  { stack, blend, trees }: Pick<AnomalyModelParts, 'stack' | 'blend' | 'trees'>,
  rows: Matrix,
): Float64Array {
  const margins = combinedScore(stack.score(rows), blend.scoreWeights);
  for (let row = 0; row < rows.n; row++) margins[row] = blend.slope * margins[row]! + blend.intercept;
  if (trees && blend.treesWeight > 0) {
    const boosted = trees.fitted.predictMargins(rows);
    for (let row = 0; row < rows.n; row++) margins[row]! += blend.treesWeight * softplus(boosted[row]!);
  }
  return margins;
}

export function anomalyModel(
  parts: AnomalyModelParts,
  version: ModelVersion,
  onnx: Uint8Array,
): AnomalyModel {
  return {
    ...parts,
    version,
    onnx,
    score: (rows) => ({
      probabilities: Float32Array.from(calibrate(parts.calibration, marginsOf(parts, rows))),
    }),
    contributions: (rows, limit, run) => contributionsOf(parts, rows, limit, run),
  };
}
