import { contingencyOf, type Contingency } from './contingency';

/**
 * Scores of agreement between two labellings that come from information theory: Rosenberg and Hirschberg,
 * "V-Measure" (2007); Vinh, Epps and Bailey (2010). Definitions and limits as in scikit-learn.
 */

/**
 * Mutual information over the arithmetic mean of both entropies: 1 for the same partition, 0 for independent ones.
 * @throws DATA_RAGGED, DATA_EMPTY
 */
export function normalizedMutualInformation(a: Int32Array, b: Int32Array): number {
  const table = contingencyOf(a, b);
  if (table.rowSizes.length === 1 && table.columnSizes.length === 1) return 1;
  const information = mutualInformation(table);
  if (information <= Number.EPSILON) return 0;
  const mean = (entropy(table.rowSizes, table.n) + entropy(table.columnSizes, table.n)) / 2;
  return information / Math.max(mean, Number.EPSILON);
}

/**
 * Homogeneity: each cluster holds one class only. Completeness: each class lies in one cluster. The V-measure is
 * their harmonic mean, and equals the normalized mutual information.
 * @throws DATA_RAGGED, DATA_EMPTY
 */
export function vMeasure(
  classes: Int32Array,
  clusters: Int32Array,
): { homogeneity: number; completeness: number; vMeasure: number } {
  const table = contingencyOf(classes, clusters);
  const information = mutualInformation(table);
  const classEntropy = entropy(table.rowSizes, table.n);
  const clusterEntropy = entropy(table.columnSizes, table.n);
  const homogeneity = classEntropy === 0 ? 1 : information / classEntropy;
  const completeness = clusterEntropy === 0 ? 1 : information / clusterEntropy;
  const sum = homogeneity + completeness;
  return { homogeneity, completeness, vMeasure: sum === 0 ? 0 : (2 * homogeneity * completeness) / sum };
}

function mutualInformation(table: Contingency): number {
  let sum = 0;
  for (const { row, column, count } of table.cells) {
    const expected = (table.rowSizes[row]! * table.columnSizes[column]!) / table.n;
    sum += (count / table.n) * Math.log(count / expected);
  }
  return Math.max(0, sum);
}

function entropy(sizes: Float64Array, n: number): number {
  if (sizes.length === 1) return 0;
  let sum = 0;
  for (const size of sizes) sum -= (size / n) * Math.log(size / n);
  return sum;
}
