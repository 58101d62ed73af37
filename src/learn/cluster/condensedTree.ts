import type { SingleLinkage } from './singleLinkage';

/**
 * The dendrogram with splits below min_cluster_size read as points falling out of a cluster (Campello,
 * Moulavi and Sander 2013; Stuetzle's runt pruning). Nodes below n are rows, n is the root cluster, and a
 * child cluster has a higher number than its parent. Lambda is 1 / distance.
 */
export interface CondensedTree {
  readonly n: number;
  readonly parent: Int32Array;
  readonly child: Int32Array;
  /** Where the child leaves its parent; infinite between identical points. */
  readonly lambda: Float64Array;
  /** Rows in the child. */
  readonly size: Int32Array;
  /** Clusters, the root among them: numbers n … n + clusterCount − 1. */
  readonly clusterCount: number;
}

export function condenseTree(linkage: SingleLinkage, minClusterSize: number): CondensedTree {
  const { n, left, right, distance, size } = linkage;
  const parent: number[] = [];
  const child: number[] = [];
  const lambda: number[] = [];
  const sizes: number[] = [];
  const sizeOf = (node: number): number => (node < n ? 1 : size[node - n]!);
  const add = (from: number, to: number, at: number, count: number): void => {
    parent.push(from);
    child.push(to);
    lambda.push(at);
    sizes.push(count);
  };

  const pending: number[] = [];
  const dropRows = (from: number, subtree: number, at: number): void => {
    pending.push(subtree);
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node < n) add(from, node, at, 1);
      else pending.push(right[node - n]!, left[node - n]!);
    }
  };

  // Breadth first, so that clusters nearer the root have lower numbers.
  let nextCluster = n + 1;
  let level: { node: number; cluster: number }[] = [{ node: 2 * n - 2, cluster: n }];
  while (level.length > 0) {
    const below: typeof level = [];
    for (const { node, cluster } of level) {
      if (node < n) continue;
      const merge = node - n;
      const at = distance[merge]! > 0 ? 1 / distance[merge]! : Infinity;
      const sides = [left[merge]!, right[merge]!];
      const large = sides.filter((side) => sizeOf(side) >= minClusterSize);
      if (large.length === 2) {
        for (const side of sides) {
          add(cluster, nextCluster, at, sizeOf(side));
          below.push({ node: side, cluster: nextCluster });
          nextCluster++;
        }
        continue;
      }
      for (const side of sides) {
        if (large.includes(side)) below.push({ node: side, cluster });
        else dropRows(cluster, side, at);
      }
    }
    level = below;
  }
  return {
    n,
    parent: Int32Array.from(parent),
    child: Int32Array.from(child),
    lambda: Float64Array.from(lambda),
    size: Int32Array.from(sizes),
    clusterCount: nextCluster - n,
  };
}

/** The part of a condensed tree between clusters; every array is indexed by cluster − n, the root first. */
export interface ClusterHierarchy {
  readonly n: number;
  readonly count: number;
  /** −1 for the root. */
  readonly parent: Int32Array;
  /** Lambda of birth; 0 for the root. */
  readonly birth: Float64Array;
  /** The highest lambda at which something leaves the cluster itself. */
  readonly death: Float64Array;
  readonly children: readonly (readonly number[])[];
}

export function clusterHierarchy(tree: CondensedTree): ClusterHierarchy {
  const { n, clusterCount: count } = tree;
  const parent = new Int32Array(count).fill(-1);
  const birth = new Float64Array(count);
  const death = new Float64Array(count);
  const children: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < tree.parent.length; row++) {
    const from = tree.parent[row]! - n;
    if (tree.lambda[row]! > death[from]!) death[from] = tree.lambda[row]!;
    if (tree.child[row]! < n) continue;
    const to = tree.child[row]! - n;
    parent[to] = from;
    birth[to] = tree.lambda[row]!;
    children[from]!.push(to);
  }
  return { n, count, parent, birth, death, children };
}
