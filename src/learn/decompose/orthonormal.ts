/**
 * Orthonormalizes the columns of a tall row-major matrix in place, by Cholesky QR done twice (Yamamoto et al.,
 * 2015): the same span as Gram–Schmidt, but every pass runs along rows. Columns that depend on earlier ones
 * become zero.
 */
export function orthonormalizeColumns(values: Float32Array, rows: number, columns: number): void {
  scaleColumns(values, rows, columns);
  choleskyQr(values, rows, columns);
  choleskyQr(values, rows, columns);
}

/** Below this share of a unit column's squared length, what is left of it is rounding. */
const dependentTolerance = 1e-10;

function scaleColumns(values: Float32Array, rows: number, columns: number): void {
  const squares = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) squares[column]! += values[row * columns + column]! ** 2;
  }
  const scales = squares.map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[row * columns + column]! *= scales[column]!;
  }
}

function choleskyQr(values: Float32Array, rows: number, columns: number): void {
  const gram = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let i = 0; i < columns; i++) {
      const value = values[start + i]!;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * columns + j]! += value * values[start + j]!;
    }
  }
  const alive = cholesky(gram, columns);
  // Solve y Lᵀ = row for every row, in place.
  const solved = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let i = 0; i < columns; i++) {
      if (!alive[i]) {
        solved[i] = 0;
        continue;
      }
      let sum = values[start + i]!;
      for (let j = 0; j < i; j++) sum -= gram[i * columns + j]! * solved[j]!;
      solved[i] = sum / gram[i * columns + i]!;
    }
    values.set(solved, start);
  }
}

/** Lower Cholesky factor in place; a pivot that vanished marks its column as dependent. */
function cholesky(gram: Float64Array, n: number): Uint8Array {
  const alive = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= gram[i * n + k]! * gram[j * n + k]!;
      if (j < i) gram[i * n + j] = alive[j] ? sum / gram[j * n + j]! : 0;
      else if (sum > dependentTolerance) {
        alive[i] = 1;
        gram[i * n + i] = Math.sqrt(sum);
      } else gram[i * n + i] = 0;
    }
  }
  return alive;
}
