import { cheapestAssignment } from './assignment';
import { contingencyOf } from './contingency';

/**
 * The share of rows in the class that their cluster stands for, under the best one-to-one matching of clusters
 * and classes (the Hungarian algorithm). Clusters or classes without a partner count as wrong.
 * @throws DATA_RAGGED, DATA_EMPTY
 */
export function clusteringAccuracy(classes: Int32Array, clusters: Int32Array): number {
  const { n, rowSizes, columnSizes, cells } = contingencyOf(classes, clusters);
  const wide = rowSizes.length <= columnSizes.length;
  const rows = Math.min(rowSizes.length, columnSizes.length);
  const columns = Math.max(rowSizes.length, columnSizes.length);
  const cost = new Float64Array(rows * columns);
  for (const { row, column, count } of cells) {
    cost[wide ? row * columns + column : column * columns + row] = -count;
  }
  const matched = cheapestAssignment(cost, rows, columns);
  return -matched.reduce((sum, column, row) => sum + cost[row * columns + column]!, 0) / n;
}
