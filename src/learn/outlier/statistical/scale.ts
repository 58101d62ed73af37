import type { Matrix } from '../../matrix';

/**
 * The least spread that a column is given: where all training values are alike, a thousandth of their size counts
 * as one standard deviation, so that the first change stands out and rounding does not.
 */
export function leastSpread(center: number): number {
  return Math.max(Math.abs(center) * 1e-3, 1e-6);
}

/** Column `column` of the data, in double precision. */
export function columnOf(data: Matrix, column: number): Float64Array {
  const values = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) values[row] = data.values[row * data.d + column]!;
  return values;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/** Standard deviation with n in the denominator. */
export function deviationOf(values: ArrayLike<number>, mean: number): number {
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Makes the median absolute deviation an estimate of a normal distribution's standard deviation: 1 / Φ⁻¹(3/4). */
export const normalConsistency = 1.482602218505602;

/** Median absolute deviation around `center`, times `normalConsistency`. */
export function robustDeviationOf(values: Float64Array, center: number): number {
  return normalConsistency * medianOf(values.map((value) => Math.abs(value - center)));
}
