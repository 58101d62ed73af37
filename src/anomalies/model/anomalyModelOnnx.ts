import {
  addClassification,
  addColumns,
  addFeatures,
  addLinear,
  addProbability,
  addTreeEnsemble,
  OnnxGraphBuilder,
} from '../../learn/onnx';
import type { ModelVersion } from '../../contracts';
import type { AnomalyModelParts } from './anomalyModel';

/** The whole model as one graph: scores, trees, blend, calibration and threshold. */
export function anomalyModelOnnx(parts: AnomalyModelParts, version: ModelVersion): Uint8Array {
  const { name, features, featureSetId, stack, blend, trees, calibration, threshold } = parts;
  const builder = new OnnxGraphBuilder(name);
  const input = addFeatures(builder, features.length);
  const scores = stack.addTo(builder, input);
  let margin: string | undefined;
  const plus = (term: string): void => {
    margin = margin === undefined ? term : builder.node('Add', [margin, term]);
  };
  blend.scoreWeights.forEach((weight, index) => {
    const score = addColumns(builder, scores, [index]);
    // The intercept is added once, with the first score.
    if (weight > 0 || index === 0)
      plus(addLinear(builder, score, blend.slope * weight, index === 0 ? blend.intercept : 0));
  });
  if (trees && blend.treesWeight > 0) {
    const margins = addTreeEnsemble(builder, input, trees.fitted.ensemble);
    plus(addLinear(builder, builder.node('Softplus', [margins]), blend.treesWeight, 0));
  }
  addClassification(builder, addProbability(builder, margin!, { over: 'margin', ...calibration }), threshold);
  return builder.bytes({ name, version, features, featureDigest: featureSetId });
}
