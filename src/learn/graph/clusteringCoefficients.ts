import type { Adjacency } from './adjacency';

/**
 * Share of the pairs of a node's neighbours that are neighbours of each other (Watts and Strogatz 1998); 0 for
 * nodes of fewer than two neighbours.
 * @param adjacency as `undirected` gives it.
 */
export function clusteringCoefficients({ n, offsets, targets }: Adjacency): Float64Array {
  const coefficients = new Float64Array(n);
  const neighborOf = new Int32Array(n).fill(-1);
  for (let node = 0; node < n; node++) {
    const from = offsets[node]!;
    const to = offsets[node + 1]!;
    const degree = to - from;
    if (degree < 2) continue;
    for (let edge = from; edge < to; edge++) neighborOf[targets[edge]!] = node;
    let closed = 0;
    for (let edge = from; edge < to; edge++) {
      const neighbor = targets[edge]!;
      for (let second = offsets[neighbor]!; second < offsets[neighbor + 1]!; second++) {
        if (neighborOf[targets[second]!] === node) closed++;
      }
    }
    coefficients[node] = closed / (degree * (degree - 1));
  }
  return coefficients;
}
