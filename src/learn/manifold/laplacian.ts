import type { Random } from '../../contracts';
import { largestEigenpairs } from '../decompose/lanczos';
import type { RunControl } from '../run';
import type { SparseGraph } from './fuzzySet';

/** As in umap-learn: a start for the descent needs no more. */
const tolerance = 1e-4;
/** Lanczos vectors: enough that clustered graphs, whose smallest eigenvalues crowd, converge in few rounds. */
const leastBasis = 60;

/**
 * Eigenvectors of the `count` smallest eigenvalues, the trivial one left out, of the normalized Laplacian
 * I − D^−½ W D^−½ of a connected graph: the largest of D^−½ W D^−½ beside D^½ · 1.
 * @returns unit vectors, or undefined when the iteration does not converge.
 */
export async function laplacianEigenvectors(
  graph: SparseGraph,
  count: number,
  random: Random,
  control?: RunControl,
): Promise<Float64Array[] | undefined> {
  const { n, starts, columns, weights } = graph;
  const roots = new Float64Array(n);
  let total = 0;
  for (let row = 0; row < n; row++) {
    let degree = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) degree += weights[at]!;
    roots[row] = Math.sqrt(degree);
    total += degree;
  }
  const scaled = new Float64Array(weights.length);
  for (let row = 0; row < n; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      scaled[at] = weights[at]! / (roots[row]! * roots[columns[at]!]!);
    }
  }
  const apply = (input: Float64Array, output: Float64Array): void => {
    for (let row = 0; row < n; row++) {
      let sum = 0;
      const end = starts[row + 1]!;
      for (let at = starts[row]!; at < end; at++) sum += scaled[at]! * input[columns[at]!]!;
      output[row] = sum;
    }
  };
  const trivial = roots.map((root) => root / Math.sqrt(total));
  const { vectors, converged } = await largestEigenpairs(
    { n, apply },
    { count, tolerance, basisSize: Math.max(2 * count + 1, leastBasis), deflated: [trivial] },
    random,
    control,
  );
  return converged && vectors.length === count ? vectors.map(withPositivePeak) : undefined;
}

/** An eigenvector's sign is arbitrary: its largest entry is made positive. */
function withPositivePeak(vector: Float64Array): Float64Array {
  let peak = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(peak)) peak = value;
  return peak < 0 ? vector.map((value) => -value) : vector;
}
