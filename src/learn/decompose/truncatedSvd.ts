import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { orthonormalizeColumns } from './orthonormal';
import type { SparseMatrix } from './sparse';
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
/** Directions whose singular value is smaller than this share of the largest are numerical dust. */
const rankTolerance = 1e-6;
/** Rows between two looks at the abort signal. */
const rowsPerStep = 2048;

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
  const width = Math.min(components + oversampling, sparse.columns, sparse.rows);
  let basis = new Float32Array(sparse.columns * width);
  for (let index = 0; index < basis.length; index++) basis[index] = random.normal();
  orthonormalizeColumns(basis, sparse.columns, width);
  for (let pass = 0; pass < powerIterations + 1; pass++) {
    control?.onProgress?.({ stage: 'singular vectors', done: pass, total: powerIterations + 2 });
    basis = await applyGram(sparse, basis, width, control);
    orthonormalizeColumns(basis, sparse.columns, width);
  }
  return rayleighRitz(sparse, basis, width, Math.min(components, width), control);
}

/** XᵀX · basis, row by row of X. */
async function applyGram(
  sparse: SparseMatrix,
  basis: Float32Array,
  width: number,
  control: RunControl | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  const result = new Float32Array(basis.length);
  const projected = new Float32Array(width);
  await forRowBlocks(sparse, control, (from, to) => {
    for (let row = from; row < to; row++) {
      projectRow(sparse, row, basis, width, projected);
      for (let at = sparse.indptr[row]!; at < sparse.indptr[row + 1]!; at++) {
        const value = sparse.values[at]!;
        const start = sparse.indices[at]! * width;
        for (let column = 0; column < width; column++) result[start + column]! += value * projected[column]!;
      }
    }
  });
  return result;
}

function projectRow(
  sparse: SparseMatrix,
  row: number,
  basis: Float32Array,
  width: number,
  projected: Float32Array,
): void {
  projected.fill(0);
  for (let at = sparse.indptr[row]!; at < sparse.indptr[row + 1]!; at++) {
    const value = sparse.values[at]!;
    const start = sparse.indices[at]! * width;
    for (let column = 0; column < width; column++) projected[column]! += value * basis[start + column]!;
  }
}

/** Turns the basis of the subspace into singular vectors: the small matrix BᵀB with B = X · basis. */
async function rayleighRitz(
  sparse: SparseMatrix,
  basis: Float32Array,
  width: number,
  components: number,
  control: RunControl | undefined,
): Promise<FittedTruncatedSvd> {
  const gram = new Float64Array(width * width);
  const projected = new Float32Array(width);
  await forRowBlocks(sparse, control, (from, to) => {
    for (let row = from; row < to; row++) {
      projectRow(sparse, row, basis, width, projected);
      for (let i = 0; i < width; i++) {
        const value = projected[i]!;
        for (let j = 0; j <= i; j++) gram[i * width + j]! += value * projected[j]!;
      }
    }
  });
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j]!;
  const { values, vectors } = symmetricEigen(gram, width);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  let kept = 0;
  while (kept < components && singular[kept]! > rankTolerance * singular[0]!) kept++;
  if (kept === 0) throw new QuarterdeckError('DATA_EMPTY', 'the matrix holds nothing but zeros');
  const loadings = new Float32Array(sparse.columns * kept);
  for (let row = 0; row < sparse.columns; row++) {
    for (let component = 0; component < kept; component++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += basis[row * width + i]! * vectors[component * width + i]!;
      loadings[row * kept + component] = sum;
    }
  }
  fixSigns(loadings, sparse.columns, kept);
  return {
    singularValues: singular.slice(0, kept),
    loadings: { values: loadings, n: sparse.columns, d: kept },
  };
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

async function forRowBlocks(
  sparse: SparseMatrix,
  control: RunControl | undefined,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < sparse.rows; from += rowsPerStep) {
    checkAborted(control);
    work(from, Math.min(sparse.rows, from + rowsPerStep));
    // Lets timers and abort signals in.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
