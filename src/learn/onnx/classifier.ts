import { addLinear, addSideBySide } from './elementwise';
import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** Names and shapes that every served classifier has. */
export const classifierInput = 'x';
export const classifierLabel = 'label';
export const classifierProbabilities = 'probabilities';

/** Declares the input `x`, `n × d` of 32-bit floats. */
export function addFeatures(builder: OnnxGraphBuilder, d: number): string {
  return builder.input(classifierInput, 'float32', ['n', d]);
}

/**
 * The outputs of a classifier: `label`, n 64-bit integers, 1 from the threshold on, and `probabilities`, `n × 2`,
 * of normal and of anomaly.
 * @param probability `n × 1`, of being an anomaly. @param threshold compared as a 32-bit float.
 */
export function addClassification(builder: OnnxGraphBuilder, probability: string, threshold: number): void {
  const reached = builder.node('GreaterOrEqual', [
    probability,
    builder.floats('threshold', [threshold], [1]),
  ]);
  const flat = builder.node('Reshape', [reached, builder.integers('flat', [-1], [1])]);
  const int64 = 7;
  builder.output(classifierLabel, builder.node('Cast', [flat], { to: { integer: int64 } }), 'int64', ['n']);
  const normal = addLinear(builder, probability, -1, 1);
  const both = addSideBySide(builder, [normal, probability]);
  builder.output(classifierProbabilities, both, 'float32', ['n', 2]);
}
