import { noiseCluster, type Random } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';

/** What is said of a cluster by its members: centre, the most typical tickets, a sample that stands for all. */

/** @returns per cluster the unit-length mean of its members' unit vectors (zero when they cancel out) */
export function clusterCentroids(embeddings: Matrix, labels: Int32Array, clusters: number): Float32Array[] {
  const sums = Array.from({ length: clusters }, () => new Float64Array(embeddings.d));
  labels.forEach((label, row) => {
    if (label === noiseCluster) return;
    const vector = rowOf(embeddings, row);
    const length = norm(vector);
    if (length === 0) return;
    const sum = sums[label]!;
    for (let column = 0; column < vector.length; column++) sum[column]! += vector[column]! / length;
  });
  return sums.map((sum) => {
    const length = norm(sum);
    return Float32Array.from(sum, (value) => (length > 0 ? value / length : 0));
  });
}

export function clusterSizes(labels: Int32Array, clusters: number): number[] {
  const sizes = Array.from({ length: clusters }, () => 0);
  for (const label of labels) if (label !== noiseCluster) sizes[label]!++;
  return sizes;
}

/**
 * The most typical rows of each cluster: strongest membership, then nearest to the centre, and no two with the same
 * title, because a hundred copies of one alert say nothing of the rest.
 *
 * @param strengths membership strength of each row in its cluster
 * @returns per cluster at most `count` rows, most typical first
 */
export function representativeRows(
  members: {
    embeddings: Matrix;
    labels: Int32Array;
    strengths: ArrayLike<number>;
    titles: readonly string[];
  },
  centroids: readonly Float32Array[],
  count: number,
): number[][] {
  const { embeddings, labels, strengths, titles } = members;
  const rows: { row: number; score: number }[][] = centroids.map(() => []);
  labels.forEach((label, row) => {
    if (label === noiseCluster) return;
    const score = strengths[row]! * dot(rowOf(embeddings, row), centroids[label]!);
    rows[label]!.push({ row, score });
  });
  return rows.map((candidates) => {
    candidates.sort((a, b) => b.score - a.score || a.row - b.row);
    const seen = new Set<string>();
    const picked: number[] = [];
    for (const { row } of candidates) {
      const title = titles[row]!.trim().toLowerCase();
      if (seen.has(title)) continue;
      seen.add(title);
      picked.push(row);
      if (picked.length === count) break;
    }
    return picked;
  });
}

export interface RowSample {
  /** Ascending. */
  readonly rows: Int32Array;
  /** How many rows of all each one stands for. */
  readonly weights: Float64Array;
}

/**
 * A sample of about `size` rows, uniform within each cluster and within noise; small clusters keep at least
 * `minimumPerCluster` rows, so that no theme goes unseen.
 */
export function stratifiedSample(
  labels: Int32Array,
  options: { size: number; minimumPerCluster: number },
  random: Random,
): RowSample {
  const strata = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const rows = strata.get(label);
    if (rows) rows.push(row);
    else strata.set(label, [row]);
  });
  const picked: { row: number; weight: number }[] = [];
  for (const label of [...strata.keys()].sort((a, b) => a - b)) {
    const rows = strata.get(label)!;
    const proportional = Math.round((options.size * rows.length) / labels.length);
    const count = Math.min(rows.length, Math.max(options.minimumPerCluster, proportional));
    for (let index = 0; index < count; index++) {
      const other = index + random.integer(rows.length - index);
      [rows[index], rows[other]] = [rows[other]!, rows[index]!];
      picked.push({ row: rows[index]!, weight: rows.length / count });
    }
  }
  picked.sort((a, b) => a.row - b.row);
  return {
    rows: Int32Array.from(picked, ({ row }) => row),
    weights: Float64Array.from(picked, ({ weight }) => weight),
  };
}

/** Copies the chosen rows, in their order. */
export function takeRows(data: Matrix, rows: ArrayLike<number>): Matrix {
  const values = new Float32Array(rows.length * data.d);
  for (let index = 0; index < rows.length; index++) values.set(rowOf(data, rows[index]!), index * data.d);
  return { values, n: rows.length, d: data.d };
}

function norm(vector: ArrayLike<number>): number {
  let square = 0;
  for (let column = 0; column < vector.length; column++) square += vector[column]! ** 2;
  return Math.sqrt(square);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let column = 0; column < a.length; column++) sum += a[column]! * b[column]!;
  return sum;
}
