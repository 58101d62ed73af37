import type { SpanningTree } from './rowOrderedTree';

/** Separation given to a cluster that no edge of the tree joins to another, in longest edges. */
const islandFactor = 2;

/**
 * Density-based validity (Moulavi et al. 2014) read off the mutual reachability spanning tree alone: fast, in
 * [−1, 1], and comparable only between clusterings of the same data. As `relative_validity_` of the Python
 * package.
 */
export function relativeValidity(tree: SpanningTree, labels: Int32Array, clusterCount: number): number {
  const sizes = new Float64Array(clusterCount);
  for (const label of labels) if (label >= 0) sizes[label]!++;
  const sparseness = new Float64Array(clusterCount);
  const separation = new Float64Array(clusterCount).fill(Infinity);
  let longest = 0;
  let toNoise = Infinity;
  for (let edge = 0; edge < tree.weights.length; edge++) {
    const a = labels[tree.from[edge]!]!;
    const b = labels[tree.to[edge]!]!;
    const length = tree.weights[edge]!;
    longest = Math.max(longest, length);
    if (a < 0 && b < 0) continue;
    if (a < 0 || b < 0) toNoise = Math.min(toNoise, length);
    else if (a === b) sparseness[a] = Math.max(sparseness[a]!, length);
    else {
      separation[a] = Math.min(separation[a]!, length);
      separation[b] = Math.min(separation[b]!, length);
    }
  }
  if (toNoise === Infinity) toNoise = longest;
  const island = islandFactor * (clusterCount > 1 ? longest : toNoise);
  let score = 0;
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const apart = separation[cluster] === Infinity ? island : separation[cluster]!;
    const larger = Math.max(apart, sparseness[cluster]!);
    if (larger > 0) score += (sizes[cluster]! / labels.length) * ((apart - sparseness[cluster]!) / larger);
  }
  return score;
}
