import { coverBySelection } from './labelling';
import type { ClusterHierarchy, CondensedTree } from './condensedTree';

/** What placing points in a fitted hierarchy needs; clusters count from the root, which is 0. */
export interface PredictionData {
  readonly hierarchy: ClusterHierarchy;
  readonly selected: readonly number[];
  /** Cluster that each row falls out of, and the lambda at which it does. */
  readonly rowCluster: Int32Array;
  readonly rowLambda: Float64Array;
  /** Position of the selected cluster at or above a cluster, −1 where there is none. */
  readonly cover: Int32Array;
  /** For each selected cluster, the rows that stay longest in the leaves below it. */
  readonly exemplars: readonly Int32Array[];
}

export function predictionData(
  tree: CondensedTree,
  hierarchy: ClusterHierarchy,
  selected: readonly number[],
): PredictionData {
  const rowCluster = new Int32Array(tree.n);
  const rowLambda = new Float64Array(tree.n);
  const last: number[][] = Array.from({ length: hierarchy.count }, () => []);
  for (let index = 0; index < tree.child.length; index++) {
    const row = tree.child[index]!;
    if (row >= tree.n) continue;
    const cluster = tree.parent[index]! - tree.n;
    rowCluster[row] = cluster;
    rowLambda[row] = tree.lambda[index]!;
    if (tree.lambda[index] === hierarchy.death[cluster]) last[cluster]!.push(row);
  }
  const leavesBelow = (cluster: number): number[] => {
    const children = hierarchy.children[cluster]!;
    return children.length === 0 ? [cluster] : children.flatMap(leavesBelow);
  };
  return {
    hierarchy,
    selected,
    rowCluster,
    rowLambda,
    cover: coverBySelection(hierarchy, selected),
    exemplars: selected.map((cluster) =>
      Int32Array.from(leavesBelow(cluster).flatMap((leaf) => last[leaf]!)),
    ),
  };
}
