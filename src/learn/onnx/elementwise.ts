import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** Small parts that models are put together from. Every tensor is `n × columns` of 32-bit floats. */

/** Columns of a tensor, in the order given. */
export function addColumns(builder: OnnxGraphBuilder, tensor: string, columns: ArrayLike<number>): string {
  const indices = builder.integers('columns', columns, [columns.length]);
  return builder.node('Gather', [tensor, indices], { axis: { integer: 1 } });
}

/** Tensors side by side, as features and the scores stacked among them. */
export function addSideBySide(builder: OnnxGraphBuilder, tensors: readonly string[]): string {
  return builder.node('Concat', tensors, { axis: { integer: 1 } });
}

/** `scale · x + shift` of every element. */
export function addLinear(builder: OnnxGraphBuilder, tensor: string, scale: number, shift: number): string {
  const scaled = builder.node('Mul', [tensor, builder.floats('scale', [scale], [1])]);
  return builder.node('Add', [scaled, builder.floats('shift', [shift], [1])]);
}

/** Natural logarithm of the larger of `x` and `floor`, which is above zero. */
export function addLogarithm(builder: OnnxGraphBuilder, tensor: string, floor: number): string {
  const bounded = builder.node('Max', [tensor, builder.floats('floor', [floor], [1])]);
  return builder.node('Log', [bounded]);
}

export function addAbsolute(builder: OnnxGraphBuilder, tensor: string): string {
  return builder.node('Abs', [tensor]);
}

/** Mean of every row, `n × 1`. */
export function addRowMean(builder: OnnxGraphBuilder, tensor: string): string {
  return builder.node('ReduceMean', [tensor], { axes: { integers: [1] }, keepdims: { integer: 1 } });
}

/** `1 / (1 + e^−x)`: the probability of a margin. */
export function addSigmoid(builder: OnnxGraphBuilder, margin: string): string {
  return builder.node('Sigmoid', [margin]);
}

/** Every missing value (NaN) of column j becomes `fill[j]`. */
export function addImputation(builder: OnnxGraphBuilder, tensor: string, fill: ArrayLike<number>): string {
  const missing = builder.node('IsNaN', [tensor]);
  return builder.node('Where', [missing, builder.floats('fill', fill, [1, fill.length]), tensor]);
}

export interface Standardization {
  readonly mean: ArrayLike<number>;
  /** What deviations are divided by; none may be zero. */
  readonly scale: ArrayLike<number>;
  /** Standardised values are held within ± this. */
  readonly clip?: number | undefined;
}

/** `(x − mean) / scale` by column, held within ± clip. */
export function addStandardization(
  builder: OnnxGraphBuilder,
  tensor: string,
  { mean, scale, clip }: Standardization,
): string {
  const centred = builder.node('Sub', [tensor, builder.floats('mean', mean, [1, mean.length])]);
  const scaled = builder.node('Div', [centred, builder.floats('scale', scale, [1, scale.length])]);
  if (clip === undefined) return scaled;
  return builder.node('Clip', [
    scaled,
    builder.floats('low', [-clip], []),
    builder.floats('high', [clip], []),
  ]);
}
