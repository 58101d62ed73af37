/**
 * The inverse of the upper Cholesky factor: for A = RᵀR, gives R⁻¹ (n × n, row-major, float64). Where A is
 * singular, the columns that depend on earlier ones come out as zeros.
 * @param symmetric n × n with its lower half filled; overwritten.
 */
export function inverseCholeskyFactor(symmetric: Float64Array, n: number): Float64Array {
  const lower = symmetric;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, lower[i * n + i]!);
  const alive = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const diagonal = lower[i * n + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (j < i) lower[i * n + j] = alive[j] ? sum / lower[j * n + j]! : 0;
      else if (sum > dependentShare * diagonal && diagonal > largest * Number.EPSILON) {
        alive[i] = 1;
        lower[i * n + i] = Math.sqrt(sum);
      }
    }
  }
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    if (!alive[j]) continue;
    inverse[j * n + j] = 1 / lower[j * n + j]!;
    for (let i = j - 1; i >= 0; i--) {
      if (!alive[i]) continue;
      let sum = 0;
      for (let k = i + 1; k <= j; k++) sum += lower[k * n + i]! * inverse[k * n + j]!;
      inverse[i * n + j] = -sum / lower[i * n + i]!;
    }
  }
  return inverse;
}

/** What is left of a column once its projections are gone; below this it is the rounding of float32 sums. */
const dependentShare = 1e-6;
