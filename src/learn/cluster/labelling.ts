import { descendants } from './clusterSelection';
import type { ClusterHierarchy, CondensedTree } from './condensedTree';

export interface Labelling {
  /** Position of each row's cluster among the selected ones, −1 for noise. */
  readonly labels: Int32Array;
  /** How long a row stays in its cluster against the longest that any does; 0 for noise. */
  readonly probabilities: Float64Array;
}

/** Position of the selected cluster that holds each cluster of the hierarchy, −1 where none does. */
export function coverBySelection(hierarchy: ClusterHierarchy, selected: readonly number[]): Int32Array {
  const cover = new Int32Array(hierarchy.count).fill(-1);
  selected.forEach((cluster, label) => {
    cover[cluster] = label;
    for (const descendant of descendants(hierarchy, cluster)) cover[descendant] = label;
  });
  return cover;
}

/**
 * A row belongs to the selected cluster at or above the one that it falls out of. When the root alone is
 * selected, that would be every row: then only rows count that stay as long as any (or, with an epsilon, that
 * stay below it).
 */
export function labelRows(
  tree: CondensedTree,
  hierarchy: ClusterHierarchy,
  selected: readonly number[],
  epsilon: number,
): Labelling {
  const labels = new Int32Array(tree.n).fill(-1);
  const probabilities = new Float64Array(tree.n);
  const cover = coverBySelection(hierarchy, selected);
  const onlyRoot = selected.length === 1 && selected[0] === 0;
  const rootThreshold = epsilon > 0 ? 1 / epsilon : hierarchy.death[0]!;
  for (let index = 0; index < tree.child.length; index++) {
    const row = tree.child[index]!;
    if (row >= tree.n) continue;
    const cluster = tree.parent[index]! - tree.n;
    const label = cover[cluster]!;
    if (label < 0) continue;
    const lambda = tree.lambda[index]!;
    if (onlyRoot && lambda < rootThreshold) continue;
    labels[row] = label;
    const death = hierarchy.death[selected[label]!]!;
    probabilities[row] = death === 0 || !Number.isFinite(lambda) ? 1 : Math.min(lambda, death) / death;
  }
  return { labels, probabilities };
}

/**
 * GLOSH (Campello, Moulavi, Zimek and Sander 2015): how much sooner a row leaves its cluster than the last one
 * to leave it does. As in the Python package, the last is sought in the cluster itself; the paper looks at the
 * clusters below it too.
 */
export function outlierScores(tree: CondensedTree, hierarchy: ClusterHierarchy): Float64Array {
  const scores = new Float64Array(tree.n);
  for (let index = 0; index < tree.child.length; index++) {
    const row = tree.child[index]!;
    if (row >= tree.n) continue;
    const last = hierarchy.death[tree.parent[index]! - tree.n]!;
    const lambda = tree.lambda[index]!;
    scores[row] = last === 0 || !Number.isFinite(lambda) ? 0 : (last - lambda) / last;
  }
  return scores;
}

/** Stability of each selected cluster as a share of what its size could reach at the most, in [0, 1]. */
export function clusterPersistence(
  tree: CondensedTree,
  stability: Float64Array,
  selected: readonly number[],
  labels: Int32Array,
): Float64Array {
  const sizes = new Float64Array(selected.length);
  for (const label of labels) if (label >= 0) sizes[label]!++;
  let most = 0;
  for (const lambda of tree.lambda) if (lambda > most) most = lambda;
  return Float64Array.from(selected, (cluster, label) =>
    !Number.isFinite(most) || most === 0 || sizes[label] === 0
      ? 1
      : stability[cluster]! / (sizes[label]! * most),
  );
}
