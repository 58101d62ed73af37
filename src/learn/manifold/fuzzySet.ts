import type { NeighborGraph } from '../neighbors';
import type { LocalMetric } from './smoothDistances';

/** A square sparse matrix in compressed rows; columns rise along a row. */
export interface SparseGraph {
  readonly n: number;
  /** `n + 1` places where rows begin. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float64Array;
}

/** Membership strength of a neighbour at `distance` in the fuzzy set of a point. */
export function membershipStrength(distance: number, rho: number, sigma: number): number {
  return distance <= rho || sigma === 0 ? 1 : Math.exp(-(distance - rho) / sigma);
}

/**
 * The fuzzy simplicial set of the data: every point's fuzzy set of neighbours, joined over both directions
 * (McInnes, Healy and Melville 2018, section 3.1; umap-learn `fuzzy_simplicial_set`).
 * @param mixRatio 1 for the fuzzy union, 0 for the intersection.
 */
export function fuzzySimplicialSet(
  neighbors: NeighborGraph,
  metric: LocalMetric,
  mixRatio: number,
): SparseGraph {
  const transposed = transpose(directedSet(neighbors, metric));
  const direct = transpose(transposed);
  const { n } = neighbors;
  const starts = new Int32Array(n + 1);
  const columns = new Int32Array(direct.columns.length * 2);
  const weights = new Float64Array(direct.columns.length * 2);
  let length = 0;
  for (let row = 0; row < n; row++) {
    let left = direct.starts[row]!;
    let right = transposed.starts[row]!;
    const leftEnd = direct.starts[row + 1]!;
    const rightEnd = transposed.starts[row + 1]!;
    while (left < leftEnd || right < rightEnd) {
      const leftColumn = left < leftEnd ? direct.columns[left]! : n;
      const rightColumn = right < rightEnd ? transposed.columns[right]! : n;
      const column = Math.min(leftColumn, rightColumn);
      const there = leftColumn === column ? direct.weights[left++]! : 0;
      const back = rightColumn === column ? transposed.weights[right++]! : 0;
      const both = there * back;
      const weight = mixRatio * (there + back - both) + (1 - mixRatio) * both;
      if (weight === 0) continue;
      columns[length] = column;
      weights[length++] = weight;
    }
    starts[row + 1] = length;
  }
  return { n, starts, columns: columns.slice(0, length), weights: weights.slice(0, length) };
}

/** Without the edges whose weight is below `least`. */
export function pruneGraph(graph: SparseGraph, least: number): SparseGraph {
  const starts = new Int32Array(graph.n + 1);
  const columns = new Int32Array(graph.columns.length);
  const weights = new Float64Array(graph.columns.length);
  let length = 0;
  for (let row = 0; row < graph.n; row++) {
    for (let at = graph.starts[row]!; at < graph.starts[row + 1]!; at++) {
      if (graph.weights[at]! < least) continue;
      columns[length] = graph.columns[at]!;
      weights[length++] = graph.weights[at]!;
    }
    starts[row + 1] = length;
  }
  return { n: graph.n, starts, columns: columns.slice(0, length), weights: weights.slice(0, length) };
}

function directedSet(
  { n, k, indices, distances }: NeighborGraph,
  { sigmas, rhos }: LocalMetric,
): SparseGraph {
  const starts = new Int32Array(n + 1);
  const columns = new Int32Array(n * k);
  const weights = new Float64Array(n * k);
  let length = 0;
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      // Points are not similar to themselves.
      if (indices[at] === row) continue;
      columns[length] = indices[at]!;
      weights[length++] = membershipStrength(distances[at]!, rhos[row]!, sigmas[row]!);
    }
    starts[row + 1] = length;
  }
  return { n, starts, columns: columns.slice(0, length), weights: weights.slice(0, length) };
}

/** Rows become columns; the columns of each row rise. */
function transpose({ n, starts, columns, weights }: SparseGraph): SparseGraph {
  const newStarts = new Int32Array(n + 1);
  for (const column of columns) newStarts[column + 1]!++;
  for (let row = 0; row < n; row++) newStarts[row + 1]! += newStarts[row]!;
  const next = newStarts.slice(0, n);
  const newColumns = new Int32Array(columns.length);
  const newWeights = new Float64Array(columns.length);
  for (let row = 0; row < n; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const place = next[columns[at]!]!++;
      newColumns[place] = row;
      newWeights[place] = weights[at]!;
    }
  }
  return { n, starts: newStarts, columns: newColumns, weights: newWeights };
}
