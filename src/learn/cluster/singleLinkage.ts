import { DisjointSets } from './disjointSets';
import type { SpanningTree } from './rowOrderedTree';

/**
 * The dendrogram of a spanning tree: merge m joins nodes left[m] and right[m] into node n + m, at distance[m].
 * Nodes below n are rows.
 */
export interface SingleLinkage {
  readonly n: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly distance: Float64Array;
  readonly size: Int32Array;
}

export function singleLinkage(tree: SpanningTree): SingleLinkage {
  const merges = tree.weights.length;
  const n = merges + 1;
  const left = new Int32Array(merges);
  const right = new Int32Array(merges);
  const size = new Int32Array(merges);
  /** Dendrogram node of each union-find root. */
  const nodeOf = Int32Array.from({ length: n }, (_, row) => row);
  const sets = new DisjointSets(n);
  const sizeOf = new Int32Array(n).fill(1);
  for (let merge = 0; merge < merges; merge++) {
    const a = sets.find(tree.from[merge]!);
    const b = sets.find(tree.to[merge]!);
    left[merge] = nodeOf[a]!;
    right[merge] = nodeOf[b]!;
    const [large, small] = sizeOf[a]! >= sizeOf[b]! ? [a, b] : [b, a];
    sets.joinInto(large, small);
    sizeOf[large]! += sizeOf[small]!;
    nodeOf[large] = n + merge;
    size[merge] = sizeOf[large]!;
  }
  return { n, left, right, distance: tree.weights, size };
}
