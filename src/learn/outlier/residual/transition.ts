import { inverseCholeskyFactor } from '../../decompose/cholesky';
import { centredProducts } from '../../decompose/gram';
import type { Matrix } from '../../matrix';
import { breathe, type RunControl } from '../../run';

/** Ridge penalty as a share of the rows: columns that move together keep small weights. */
const ridgeShare = 0.005;
/** Products between two looks at the signal; some ten milliseconds. */
const productsPerBreath = 20_000_000;

/**
 * Ridge regression of every row on the row before it (a vector autoregression of order one).
 * @param data `n × d`, standardised. @param mean of its columns.
 * @returns `d × d`, row-major: entry (i, j) is the weight of column i in what is expected of column j a row later.
 */
export async function fitTransition(
  data: Matrix,
  mean: Float64Array,
  run: RunControl | undefined,
): Promise<Float64Array> {
  const { n, d } = data;
  const within = await columnProducts(data, mean, run);
  for (let i = 0; i < d; i++) within[i * d + i]! += Math.max(1, ridgeShare * n);
  const across = await laggedProducts(data, mean, run);
  const inverse = inverseCholeskyFactor(within, d);
  // (RᵀR)⁻¹ B = R⁻¹ (R⁻ᵀ B)
  return multiply(inverse, multiply(transposed(inverse, d), across, d), d);
}

/** Inner products of the columns, however few rows there are. */
async function columnProducts(
  data: Matrix,
  mean: Float64Array,
  run: RunControl | undefined,
): Promise<Float64Array> {
  const { n, d } = data;
  if (d <= n) return centredProducts(data, mean, run);
  const padded = new Float32Array(d * d);
  padded.set(data.values);
  // Rows at the mean add nothing.
  for (let row = n; row < d; row++) padded.set(mean, row * d);
  return centredProducts({ values: padded, n: d, d }, Float64Array.from(Float32Array.from(mean)), run);
}

async function laggedProducts(
  { values, n, d }: Matrix,
  mean: Float64Array,
  run: RunControl | undefined,
): Promise<Float64Array> {
  const products = new Float64Array(d * d);
  let unwatched = 0;
  for (let row = 1; row < n; row++) {
    const now = row * d;
    for (let i = 0; i < d; i++) {
      const before = values[now - d + i]! - mean[i]!;
      if (before === 0) continue;
      for (let j = 0; j < d; j++) products[i * d + j]! += before * (values[now + j]! - mean[j]!);
    }
    unwatched += d * d;
    if (unwatched > productsPerBreath) {
      unwatched = 0;
      await breathe(run);
    }
  }
  return products;
}

function transposed(matrix: Float64Array, d: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % d) * d + Math.floor(at / d)]!);
}

function multiply(left: Float64Array, right: Float64Array, d: number): Float64Array {
  const product = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      const factor = left[i * d + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < d; j++) product[i * d + j]! += factor * right[k * d + j]!;
    }
  }
  return product;
}
