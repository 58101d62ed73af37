import type { Matrix } from '../../learn/matrix';
import { featureRoles } from '../model';

/** Deviations beyond this many spreads differ no more from each other. */
const saturation = 3;

/**
 * What rows are told apart by when different ones are wanted: how far each metric, its mean and its spread over the
 * window are from what is usual for the row's own instance. `n × columns`; a missing value is usual.
 */
export function reviewVectors(
  rows: Matrix,
  features: readonly string[],
  instances: ArrayLike<number | string>,
): Matrix {
  return deviations(rows, featureRoles(features).window, instances);
}

/**
 * How a row looks at its own minute: how far each metric is from what is usual for the row's own instance, without
 * means and spreads over the minutes before. `n × metrics`; a missing value is usual.
 */
export function stateVectors(
  rows: Matrix,
  features: readonly string[],
  instances: ArrayLike<number | string>,
): Matrix {
  return deviations(rows, featureRoles(features).states[0]!, instances);
}

function deviations(rows: Matrix, columns: Int32Array, instances: ArrayLike<number | string>): Matrix {
  const d = columns.length;
  const moments = new Map<
    number | string,
    { count: Float64Array; sum: Float64Array; squares: Float64Array }
  >();
  for (let row = 0; row < rows.n; row++) {
    let own = moments.get(instances[row]!);
    if (!own) {
      own = { count: new Float64Array(d), sum: new Float64Array(d), squares: new Float64Array(d) };
      moments.set(instances[row]!, own);
    }
    for (let column = 0; column < d; column++) {
      const value = rows.values[row * rows.d + columns[column]!]!;
      if (value !== value) continue;
      own.count[column]!++;
      own.sum[column]! += value;
      own.squares[column]! += value * value;
    }
  }
  const values = new Float32Array(rows.n * d);
  for (let row = 0; row < rows.n; row++) {
    const { count, sum, squares } = moments.get(instances[row]!)!;
    for (let column = 0; column < d; column++) {
      const value = rows.values[row * rows.d + columns[column]!]!;
      const mean = sum[column]! / count[column]!;
      const spread = Math.sqrt(Math.max(0, squares[column]! / count[column]! - mean * mean));
      if (value !== value || !(spread > 0)) continue;
      values[row * d + column] = saturation * Math.tanh((value - mean) / spread / saturation);
    }
  }
  return { values, n: rows.n, d };
}
