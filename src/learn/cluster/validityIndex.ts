import { QuarterdeckError } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';

export interface ValidityIndex {
  /** In [−1, 1]; NaN when fewer than two clusters are there, as nothing is then separate. */
  readonly score: number;
  /** One value per cluster number up to the highest; NaN for a number that no row has. */
  readonly perCluster: Float64Array;
}

/**
 * Edges this near to each other in weight are one when the ends of a tree edge are told; numpy's isclose, which
 * the Python package uses here.
 */
const relativeTolerance = 1e-5;
const absoluteTolerance = 1e-8;

/** A cluster's rows with what separation from others is measured by. */
interface DenseCluster {
  readonly size: number;
  /** Rows inside the tree, with more than one neighbour in it. */
  readonly internalRows: Int32Array;
  readonly internalCores: Float64Array;
  /** The longest edge inside the tree. */
  readonly sparseness: number;
}

/**
 * Density-based clustering validation, DBCV (Moulavi, Jaskowiak, Campello, Zimek and Sander 2014), as
 * `validity_index` of the Python package. Time O(n²·d) over clustered rows, memory O(n).
 *
 * @param data n × d. @param labels one per row, −1 for noise.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, DATA_RAGGED, DATA_WIDTH_MISMATCH when there is not one label per row
 */
export function validityIndex(data: Matrix, labels: Int32Array): ValidityIndex {
  checkMatrix(data);
  if (labels.length !== data.n) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `${labels.length} labels for ${data.n} rows`);
  }
  const rowsOf: number[][] = [];
  labels.forEach((label, row) => {
    if (label < 0) return;
    while (rowsOf.length <= label) rowsOf.push([]);
    rowsOf[label]!.push(row);
  });
  const clusters = rowsOf.map((rows) =>
    rows.length > 0 ? describeCluster(data, Int32Array.from(rows)) : undefined,
  );

  const separation = new Float64Array(clusters.length).fill(Infinity);
  clusters.forEach((one, first) => {
    if (!one) return;
    for (let second = first + 1; second < clusters.length; second++) {
      const other = clusters[second];
      if (!other) continue;
      const apart = densitySeparation(data, one, other);
      separation[first] = Math.min(separation[first]!, apart);
      separation[second] = Math.min(separation[second]!, apart);
    }
  });

  const perCluster = Float64Array.from(clusters, (cluster, label) =>
    cluster
      ? (separation[label]! - cluster.sparseness) / Math.max(separation[label]!, cluster.sparseness)
      : NaN,
  );
  let score = clusters.length === 0 ? NaN : 0;
  clusters.forEach((cluster, label) => {
    if (cluster) score += (cluster.size / data.n) * perCluster[label]!;
  });
  return { score, perCluster };
}

function distanceBetween({ values, d }: Matrix, a: number, b: number): number {
  let sum = 0;
  for (let column = 0; column < d; column++) {
    const difference = values[a * d + column]! - values[b * d + column]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** All-points core distances: the d-th power mean of the inverse distances to all other rows, inverted. */
function allPointsCoreDistances(data: Matrix, rows: Int32Array): Float64Array {
  const sums = new Float64Array(rows.length);
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      const distance = distanceBetween(data, rows[a]!, rows[b]!);
      if (distance === 0) continue;
      const density = (1 / distance) ** data.d;
      sums[a]! += density;
      sums[b]! += density;
    }
  }
  return sums.map((sum) => (sum / (rows.length - 1)) ** (-1 / data.d));
}

function describeCluster(data: Matrix, rows: Int32Array): DenseCluster {
  const size = rows.length;
  const cores = allPointsCoreDistances(data, rows);
  const reach = (a: number, b: number): number =>
    Math.max(distanceBetween(data, rows[a]!, rows[b]!), cores[a]!, cores[b]!);
  const { from, to, weights } = clusterTree(size, reach);

  const degree = new Int32Array(size);
  for (let edge = 0; edge < weights.length; edge++) {
    degree[from[edge]!]!++;
    degree[to[edge]!]!++;
  }
  let longest = 0;
  let longestInternal = -Infinity;
  for (let edge = 0; edge < weights.length; edge++) {
    longest = Math.max(longest, weights[edge]!);
    if (degree[from[edge]!]! > 1 && degree[to[edge]!]! > 1) {
      longestInternal = Math.max(longestInternal, weights[edge]!);
    }
  }
  const internal = rows.filter((_, index) => degree[index]! > 1);
  return {
    size,
    internalRows: internal,
    internalCores: cores.filter((_, index) => degree[index]! > 1),
    // Without an edge between internal rows, the longest of all edges counts (as in the authors' code).
    sparseness: longestInternal > -Infinity ? longestInternal : longest,
  };
}

interface ClusterTree {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Prim's algorithm. Of several rows that a new row is equally near to, the first in the data becomes its
 * neighbour: which rows are internal depends on it, and this is how the Python package decides.
 */
function clusterTree(size: number, reach: (a: number, b: number) => number): ClusterTree {
  const from = new Int32Array(Math.max(size - 1, 0));
  const to = new Int32Array(from.length);
  const weights = new Float64Array(from.length);
  const isIn = new Uint8Array(size);
  const nearest = new Float64Array(size).fill(Infinity);
  let current = 0;
  isIn[0] = 1;
  for (let edge = 0; edge < from.length; edge++) {
    let next = -1;
    for (let other = 0; other < size; other++) {
      if (isIn[other] === 1) continue;
      nearest[other] = Math.min(nearest[other]!, reach(current, other));
      if (next < 0 || nearest[other]! < nearest[next]!) next = other;
    }
    const weight = nearest[next]!;
    const tolerance = absoluteTolerance + relativeTolerance * weight;
    let neighbor = 0;
    while (isIn[neighbor] === 0 || Math.abs(reach(next, neighbor) - weight) > tolerance) neighbor++;
    from[edge] = neighbor;
    to[edge] = next;
    weights[edge] = weight;
    isIn[next] = 1;
    current = next;
  }
  return { from, to, weights };
}

/** The least mutual reachability between internal rows of two clusters. */
function densitySeparation(data: Matrix, one: DenseCluster, other: DenseCluster): number {
  let least = Infinity;
  for (let a = 0; a < one.internalRows.length; a++) {
    const core = one.internalCores[a]!;
    if (core >= least) continue;
    for (let b = 0; b < other.internalRows.length; b++) {
      const floor = Math.max(core, other.internalCores[b]!);
      if (floor >= least) continue;
      least = Math.min(
        least,
        Math.max(floor, distanceBetween(data, one.internalRows[a]!, other.internalRows[b]!)),
      );
    }
  }
  return least;
}
