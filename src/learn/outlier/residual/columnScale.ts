import type { Matrix } from '../../matrix';

/** Brings columns to mean 0 and spread 1 and bounds what is left of outliers, so that no column drowns the others. */
export interface ColumnScale {
  readonly center: Float64Array;
  readonly scale: Float64Array;
  /** Standardised values end at ± this. */
  readonly clip: number;
}

/** Spread relative to a column's size below which it is rounding, and the column constant. */
const constantShare = 1e-6;
/**
 * Spread that a constant column is given, relative to its size or to 1: a column that never changed is news as
 * soon as it does.
 */
const constantSpread = 1e-4;

export function fitColumnScale({ values, n, d }: Matrix, clip: number): ColumnScale {
  const center = new Float64Array(d);
  const scale = new Float64Array(d);
  const largest = new Float64Array(d);
  for (let at = 0, column = 0; at < values.length; at++) {
    center[column]! += values[at]! / n;
    largest[column] = Math.max(largest[column]!, Math.abs(values[at]!));
    if (++column === d) column = 0;
  }
  for (let at = 0, column = 0; at < values.length; at++) {
    scale[column]! += (values[at]! - center[column]!) ** 2 / n;
    if (++column === d) column = 0;
  }
  for (let column = 0; column < d; column++) {
    const spread = Math.sqrt(scale[column]!);
    const constant = spread <= constantShare * largest[column]!;
    scale[column] = constant ? constantSpread * Math.max(1, largest[column]!) : spread;
  }
  return { center, scale, clip };
}

export function standardizeRow(
  { center, scale, clip }: ColumnScale,
  row: Float32Array,
  out: Float64Array,
): void {
  for (let column = 0; column < row.length; column++) {
    const value = (row[column]! - center[column]!) / scale[column]!;
    out[column] = value > clip ? clip : value < -clip ? -clip : value;
  }
}

export function standardize(scale: ColumnScale, data: Matrix): Matrix {
  const { n, d } = data;
  const values = new Float32Array(n * d);
  const row = new Float64Array(d);
  for (let at = 0; at < values.length; at += d) {
    standardizeRow(scale, data.values.subarray(at, at + d), row);
    values.set(row, at);
  }
  return { values, n, d };
}
