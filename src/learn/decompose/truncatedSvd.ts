import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import type { SparseMatrix } from './sparse';
import { paddedWidth, SparseProducts } from './sparseProducts';
import { symmetricEigen } from './symmetricEigen';

export interface TruncatedSvdOptions {
  /** Singular triplets to keep; fewer come back when the matrix has a lower rank. */
  readonly components: number;
  /** Passes over the matrix after the first; each sharpens the subspace. 4 is enough for text. */
  readonly powerIterations?: number;
}

export interface FittedTruncatedSvd {
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** Right singular vectors: columns × components, so row c says where a 1 in column c goes. */
  readonly loadings: Matrix;
}

/** Extra directions that make the randomized subspace safe; Halko, Martinsson and Tropp advise 5 to 10. */
const oversampling = 10;
/** Directions whose singular value is a smaller share of the largest are rounding of float32 sums. */
const rankTolerance = 1e-3;

/**
 * The leading right singular vectors of a sparse matrix, by randomized subspace iteration (Halko, Martinsson and
 * Tropp, "Finding structure with randomness", 2011, algorithm 4.4) on XᵀX. Each pass reads the rows once and
 * stores nothing per row. The sign of each vector is fixed: its largest entry is positive.
 * @throws DATA_EMPTY, PARAMETER_INVALID, ABORTED
 */
export async function fitTruncatedSvd(
  sparse: SparseMatrix,
  options: TruncatedSvdOptions,
  random: Random,
  control?: RunControl,
): Promise<FittedTruncatedSvd> {
  const { components, powerIterations = 4 } = options;
  if (!Number.isInteger(components) || components < 1) {
    throw new QuarterdeckError('PARAMETER_INVALID', `components is ${components}, at least 1 is needed`, {
      culprit: { option: 'components' },
    });
  }
  if (sparse.rows === 0 || sparse.columns === 0) {
    throw new QuarterdeckError('DATA_EMPTY', `the matrix is ${sparse.rows} × ${sparse.columns}`);
  }
  const size = Math.min(components + oversampling, sparse.columns, sparse.rows);
  const width = paddedWidth(size);
  checkAborted(control);
  const products = new SparseProducts(sparse, width);
  const start = products.dense;
  for (let row = 0; row < sparse.columns; row++) {
    for (let column = 0; column < size; column++) start[row * width + column] = random.normal();
  }
  products.orthonormalize();
  for (let pass = 0; pass <= powerIterations; pass++) {
    control?.onProgress?.({ stage: 'singular vectors', done: pass, total: powerIterations + 2 });
    await products.applyGram(control);
    products.orthonormalize();
  }
  return rayleighRitz(products, sparse.columns, width, components, control);
}

/** Turns the basis of the subspace into singular vectors, by the small matrix BᵀB with B = X · basis. */
async function rayleighRitz(
  products: SparseProducts,
  columns: number,
  width: number,
  components: number,
  control: RunControl | undefined,
): Promise<FittedTruncatedSvd> {
  const { values, vectors } = symmetricEigen(await products.projectedMoments(control), width);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  let kept = 0;
  while (kept < Math.min(components, width) && singular[kept]! > rankTolerance * singular[0]!) kept++;
  if (kept === 0) throw new QuarterdeckError('DATA_EMPTY', 'the matrix holds nothing but zeros');
  const rotation = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) rotation[j * width + i] = vectors[i * width + j]!;
  }
  products.multiplyRight(rotation);
  const rotated = products.dense;
  const loadings = new Float32Array(columns * kept);
  for (let row = 0; row < columns; row++) {
    loadings.set(rotated.subarray(row * width, row * width + kept), row * kept);
  }
  fixSigns(loadings, columns, kept);
  return { singularValues: singular.slice(0, kept), loadings: { values: loadings, n: columns, d: kept } };
}

function fixSigns(loadings: Float32Array, rows: number, width: number): void {
  for (let column = 0; column < width; column++) {
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const value = loadings[row * width + column]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest >= 0) continue;
    for (let row = 0; row < rows; row++) loadings[row * width + column]! *= -1;
  }
}
