import type { Matrix } from '../../learn/matrix';

/** Mean of the values of each column that are not missing (NaN); 0 for a column without any. */
export function meansOfPresent({ values, n, d }: Matrix): Float32Array {
  const sums = new Float64Array(d);
  const counts = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      const value = values[row * d + column]!;
      if (value !== value) continue;
      sums[column]! += value;
      counts[column]!++;
    }
  }
  return Float32Array.from(sums, (sum, column) => (counts[column]! > 0 ? sum / counts[column]! : 0));
}

/** Some columns with missing values filled. */
export function columnsOf(rows: Matrix, columns: Int32Array, fill: Float32Array): Matrix {
  const d = columns.length;
  const values = new Float32Array(rows.n * d);
  for (let row = 0; row < rows.n; row++) {
    for (let column = 0; column < d; column++) {
      const from = columns[column]!;
      const value = rows.values[row * rows.d + from]!;
      values[row * d + column] = value === value ? value : fill[from]!;
    }
  }
  return { values, n: rows.n, d };
}
