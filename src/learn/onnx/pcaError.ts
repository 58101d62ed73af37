import type { Matrix } from '../matrix';
import { addImputation, addStandardization, type Standardization } from './elementwise';
import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** What the reconstruction error of a principal component analysis needs, over standardised data. */
export interface PcaErrorModel {
  /** What a missing value counts as, by column; the column's mean when left out. */
  readonly fill?: ArrayLike<number>;
  readonly standardization: Standardization;
  /** Centre of the standardised training data; zeros when left out. */
  readonly centre?: ArrayLike<number>;
  /** `components × d`, orthonormal rows. */
  readonly components: Matrix;
  /** Whether the squares of a row are averaged or added up. */
  readonly over: 'mean' | 'sum';
}

/**
 * Squared distance of every row to the plane of the components, `n × 1`: missing values filled, standardised,
 * clipped, projected and taken back. The residual itself is squared, since the difference of two squared lengths
 * would lose all its digits where the error is small.
 */
export function addPcaError(builder: OnnxGraphBuilder, input: string, model: PcaErrorModel): string {
  const { components, standardization, centre } = model;
  const { n: count, d } = components;
  const filled = addImputation(builder, input, model.fill ?? standardization.mean);
  let centred = addStandardization(builder, filled, standardization);
  if (centre) centred = builder.node('Sub', [centred, builder.floats('centre', centre, [1, d])]);
  const down = new Float32Array(components.values.length);
  for (let component = 0; component < count; component++) {
    for (let column = 0; column < d; column++) {
      down[column * count + component] = components.values[component * d + column]!;
    }
  }
  const scores = builder.node('MatMul', [centred, builder.floats('components', down, [d, count])]);
  const back = builder.node('MatMul', [
    scores,
    builder.floats('reconstruction', components.values, [count, d]),
  ]);
  const residual = builder.node('Sub', [centred, back]);
  const squares = builder.node('Mul', [residual, residual]);
  const keepdims = { keepdims: { integer: 1 } };
  if (model.over === 'mean') {
    return builder.node('ReduceMean', [squares], { axes: { integers: [1] }, ...keepdims });
  }
  return builder.node('ReduceSum', [squares, builder.integers('axes', [1], [1])], keepdims);
}
