import type { Random } from '../../contracts';
import type { ModelArray, ModelContent } from '../../learn/binary';
import { fitPca } from '../../learn/decompose';
import type { Matrix } from '../../learn/matrix';
import { addLinear, addLogarithm, addPcaError, type OnnxGraphBuilder } from '../../learn/onnx';
import type { RunControl } from '../../learn/run';

/** The directions in which normal rows vary; what of a row lies outside them is its error. */
export interface SubspaceModel {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Of the standardised rows. */
  readonly centre: Float64Array;
  /** `k × d`. */
  readonly components: Matrix;
}

const clip = 50;
const varianceShare = 0.9;
/** Keeps the logarithm finite where a row lies in the subspace. */
const leastError = 1e-4;
/** A column that never changed is news as soon as it does, but not without bound. */
const constantSpread = 1e-3;
/** More rows than this say nothing new about a subspace of a few hundred columns. */
export const mostSubspaceRows = 40_000;

export function subspaceArrays(name: string, model: SubspaceModel): Record<string, ModelArray> {
  return {
    [`${name}Mean`]: model.mean,
    [`${name}Scale`]: model.scale,
    [`${name}Centre`]: model.centre,
    [`${name}Components`]: model.components.values,
  };
}

export function subspaceOf(
  name: string,
  arrays: ModelContent['arrays'],
  axes: number,
  d: number,
): SubspaceModel {
  return {
    mean: arrays[`${name}Mean`] as Float64Array,
    scale: arrays[`${name}Scale`] as Float64Array,
    centre: arrays[`${name}Centre`] as Float64Array,
    components: { values: arrays[`${name}Components`] as Float32Array, n: axes, d },
  };
}

export async function fitSubspace(rows: Matrix, random: Random, run?: RunControl): Promise<SubspaceModel> {
  const sample = sampleRows(rows, mostSubspaceRows);
  const { d } = sample;
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let row = 0; row < sample.n; row++) {
    for (let column = 0; column < d; column++) mean[column]! += sample.values[row * d + column]! / sample.n;
  }
  for (let row = 0; row < sample.n; row++) {
    for (let column = 0; column < d; column++) {
      scale[column]! += (sample.values[row * d + column]! - mean[column]!) ** 2 / sample.n;
    }
  }
  for (let column = 0; column < d; column++) {
    const spread = Math.sqrt(scale[column]!);
    scale[column] = Math.max(spread, constantSpread * Math.max(1, Math.abs(mean[column]!)));
  }
  const standardized = standardize(sample, mean, scale);
  const pca = await fitPca(standardized, { varianceShare }, random, run);
  return { mean, scale, centre: pca.mean, components: pca.components };
}

function standardize(rows: Matrix, mean: Float64Array, scale: Float64Array): Matrix {
  const values = new Float32Array(rows.values.length);
  for (let at = 0; at < values.length; at++) {
    const column = at % rows.d;
    const value = (rows.values[at]! - mean[column]!) / scale[column]!;
    values[at] = value > clip ? clip : value < -clip ? -clip : value;
  }
  return { values, n: rows.n, d: rows.d };
}

/** Squared error of each column of the only row. */
export function squaredErrors(model: SubspaceModel, row: Matrix): Float64Array {
  const squares = new Float64Array(row.d);
  forEachResidual(model, row, (_, residual) =>
    residual.forEach((error, column) => (squares[column] = error * error)),
  );
  return squares;
}

/** Logarithm of the mean squared error of each row. */
export function logErrors(model: SubspaceModel, rows: Matrix): Float64Array {
  const errors = new Float64Array(rows.n);
  forEachResidual(model, rows, (row, residual) => {
    let squares = 0;
    for (let column = 0; column < residual.length; column++) squares += residual[column]! * residual[column]!;
    errors[row] = Math.log(leastError + squares / residual.length);
  });
  return errors;
}

/** What of each standardised row lies outside the subspace; the array is used again for the next row. */
function forEachResidual(
  { mean, scale, centre, components }: SubspaceModel,
  rows: Matrix,
  visit: (row: number, residual: Float64Array) => void,
): void {
  const { n, d } = rows;
  const residual = new Float64Array(d);
  const centred = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      const value = (rows.values[row * d + column]! - mean[column]!) / scale[column]!;
      centred[column] = (value > clip ? clip : value < -clip ? -clip : value) - centre[column]!;
      residual[column] = centred[column]!;
    }
    for (let axis = 0; axis < components.n; axis++) {
      const first = axis * d;
      let score = 0;
      for (let column = 0; column < d; column++)
        score += components.values[first + column]! * centred[column]!;
      for (let column = 0; column < d; column++)
        residual[column]! -= components.values[first + column]! * score;
    }
    visit(row, residual);
  }
}

export function addLogError(builder: OnnxGraphBuilder, input: string, model: SubspaceModel): string {
  const { mean, scale, centre, components } = model;
  const error = addPcaError(builder, input, {
    standardization: { mean, scale, clip },
    centre,
    components,
    over: 'mean',
  });
  return addLogarithm(builder, addLinear(builder, error, 1, leastError), leastError);
}

/** Every k-th row, so that no more than `most` are left. */
export function sampleRows(rows: Matrix, most: number): Matrix {
  if (rows.n <= most) return rows;
  const step = rows.n / most;
  const values = new Float32Array(most * rows.d);
  for (let row = 0; row < most; row++) {
    const from = Math.floor(row * step) * rows.d;
    values.set(rows.values.subarray(from, from + rows.d), row * rows.d);
  }
  return { values, n: most, d: rows.d };
}
