import type { TreeEnsemble } from '../trees';
import { addColumns, addSigmoid } from './elementwise';
import { addPiecewiseLinear, addPlatt } from './calibration';
import { addClassification, addFeatures } from './classifier';
import { addDecisionTrees } from './decisionTrees';
import { OnnxGraphBuilder } from './onnxGraphBuilder';
import type { OnnxMetadata } from './onnxMetadata';

/** What of a fitted tree ensemble its ONNX form holds. */
export type BoostedTrees = Omit<TreeEnsemble, 'featureNames' | 'cover' | 'gain'>;

/** Margins (log-odds) of an ensemble, `n × 1`. */
export function addTreeEnsemble(builder: OnnxGraphBuilder, input: string, ensemble: BoostedTrees): string {
  if (ensemble.treeOffsets.length < 2) {
    // The operator wants at least one node. A comparison with itself is no way to a constant: NaN is allowed.
    const missing = builder.node('IsNaN', [addColumns(builder, input, [0])]);
    const base = builder.floats('base', [ensemble.baseMargin], [1]);
    return builder.node('Where', [missing, base, base]);
  }
  return addDecisionTrees(builder, input, {
    treeStarts: ensemble.treeOffsets,
    feature: ensemble.feature,
    threshold: ensemble.threshold,
    left: ensemble.left,
    right: ensemble.right,
    missingLeft: ensemble.defaultLeft,
    comparison: 'less',
    values: ensemble.leafValue,
    targets: 1,
    base: [ensemble.baseMargin],
    aggregate: 'sum',
  });
}

/**
 * How margins become probabilities. Platt's sigmoid and the knots of isotonic regression are given over margins
 * or over the probabilities of the plain sigmoid.
 */
export type OnnxCalibration = { readonly over: 'margin' | 'probability' } & (
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'isotonic'; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }
);

/** Probabilities of margins, `n × 1`; by the plain sigmoid without a calibration. */
export function addProbability(
  builder: OnnxGraphBuilder,
  margin: string,
  calibration?: OnnxCalibration,
): string {
  if (!calibration) return addSigmoid(builder, margin);
  const from = calibration.over === 'margin' ? margin : addSigmoid(builder, margin);
  return calibration.kind === 'platt'
    ? addPlatt(builder, from, calibration)
    : addPiecewiseLinear(builder, from, calibration.x, calibration.y);
}

export interface ClassifierOnnxOptions extends OnnxMetadata {
  /** Probability from which on a row is labelled 1. */
  readonly threshold: number;
  readonly calibration?: OnnxCalibration;
}

/**
 * An ensemble as a model of its own: `x`, `n × d` of 32-bit floats with NaN for missing values, to `label` and
 * `probabilities`.
 */
export function treeEnsembleOnnx(ensemble: BoostedTrees, options: ClassifierOnnxOptions): Uint8Array {
  const builder = new OnnxGraphBuilder(options.name);
  const margin = addTreeEnsemble(builder, addFeatures(builder, ensemble.d), ensemble);
  addClassification(builder, addProbability(builder, margin, options.calibration), options.threshold);
  return builder.bytes(options);
}
