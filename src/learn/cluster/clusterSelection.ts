import type { ClusterHierarchy, CondensedTree } from './condensedTree';

/** Flat clusters out of the hierarchy. Clusters are counted from the root, which is 0. */

export interface SelectionOptions {
  readonly method: 'eom' | 'leaf';
  readonly epsilon: number;
  readonly allowSingleCluster: boolean;
}

/** Σ over what leaves a cluster of (lambda − lambda of birth) × rows: the excess of mass. */
export function clusterStability(tree: CondensedTree, hierarchy: ClusterHierarchy): Float64Array {
  const stability = new Float64Array(hierarchy.count);
  for (let row = 0; row < tree.parent.length; row++) {
    const cluster = tree.parent[row]! - tree.n;
    stability[cluster]! += (tree.lambda[row]! - hierarchy.birth[cluster]!) * tree.size[row]!;
  }
  return stability;
}

export interface Selection {
  /** Selected clusters in rising order. */
  readonly selected: readonly number[];
  /** Stability by cluster: of what stands below it, where excess of mass found that larger. */
  readonly stability: Float64Array;
}

/**
 * The clusters that are selected: by excess of mass (Campello et al. 2013, algorithm 3) or the leaves,
 * and then no split below `epsilon` (Malzer and Baum 2020).
 */
export function selectClusters(
  hierarchy: ClusterHierarchy,
  stability: Float64Array,
  options: SelectionOptions,
): Selection {
  const best = Float64Array.from(stability);
  const chosen =
    options.method === 'eom'
      ? selectByExcessOfMass(hierarchy, best, options.allowSingleCluster)
      : leafClusters(hierarchy, options.allowSingleCluster);
  const onlyRoot = chosen.length === 1 && chosen[0] === 0;
  const selected = options.epsilon > 0 && !onlyRoot ? mergeBelow(hierarchy, chosen, options) : chosen;
  return { selected: selected.sort((a, b) => a - b), stability: best };
}

/** Raises `best` to the stability below a cluster where that is larger. */
function selectByExcessOfMass(
  hierarchy: ClusterHierarchy,
  best: Float64Array,
  allowSingleCluster: boolean,
): number[] {
  const isCluster = new Uint8Array(hierarchy.count).fill(1);
  const lowest = allowSingleCluster ? 0 : 1;
  // Children have higher numbers than their parent.
  for (let cluster = hierarchy.count - 1; cluster >= lowest; cluster--) {
    const children = hierarchy.children[cluster]!;
    const below = children.reduce((sum, child) => sum + best[child]!, 0);
    if (below > best[cluster]!) {
      isCluster[cluster] = 0;
      best[cluster] = below;
    } else {
      for (const descendant of descendants(hierarchy, cluster)) isCluster[descendant] = 0;
    }
  }
  const chosen: number[] = [];
  for (let cluster = lowest; cluster < hierarchy.count; cluster++) {
    if (isCluster[cluster] === 1) chosen.push(cluster);
  }
  return chosen;
}

function leafClusters(hierarchy: ClusterHierarchy, allowSingleCluster: boolean): number[] {
  if (hierarchy.count === 1) return allowSingleCluster ? [0] : [];
  return hierarchy.children.flatMap((children, cluster) => (children.length === 0 ? [cluster] : []));
}

/** Replaces clusters born closer than epsilon by their nearest ancestor born farther than it. */
function mergeBelow(
  hierarchy: ClusterHierarchy,
  chosen: readonly number[],
  { epsilon, allowSingleCluster }: SelectionOptions,
): number[] {
  const selected = new Set<number>();
  const covered = new Set<number>();
  for (const cluster of chosen) {
    if (1 / hierarchy.birth[cluster]! >= epsilon) {
      selected.add(cluster);
      continue;
    }
    if (covered.has(cluster)) continue;
    const ancestor = ancestorAbove(hierarchy, cluster, epsilon, allowSingleCluster);
    selected.add(ancestor);
    for (const descendant of descendants(hierarchy, ancestor)) covered.add(descendant);
  }
  return [...selected];
}

function ancestorAbove(
  hierarchy: ClusterHierarchy,
  from: number,
  epsilon: number,
  allowSingleCluster: boolean,
): number {
  let cluster = from;
  for (;;) {
    const parent = hierarchy.parent[cluster]!;
    if (parent === 0) return allowSingleCluster ? 0 : cluster;
    if (1 / hierarchy.birth[parent]! > epsilon) return parent;
    cluster = parent;
  }
}

/** Clusters below `cluster`, itself left out. */
export function descendants(hierarchy: ClusterHierarchy, cluster: number): number[] {
  const found: number[] = [...hierarchy.children[cluster]!];
  for (let index = 0; index < found.length; index++) found.push(...hierarchy.children[found[index]!]!);
  return found;
}
