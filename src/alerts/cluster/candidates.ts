import type { Random } from '../../contracts';
import {
  centroidsOf,
  fitAgglomerative,
  fitDbscan,
  fitHdbscan,
  fitKMeans,
  neighborDistances,
} from '../../learn/cluster';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { AlertClusterModel } from './alertClusterModel';
import { drawRows } from './drawRows';

/** One way to cluster alerts. */
export interface ClusterCandidate {
  readonly model: AlertClusterModel;
  /** What it was asked for: the number of clusters, or the density. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Numbers of clusters that are tried, as far as the rows allow: more than people keep apart are no kinds any more. */
const clusterCounts = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 27, 30];
/** Starts of K-Means: twenty clusterings are compared, so half of the usual ten do. */
const starts = 5;
/** Rows a cluster should have on average, at least. */
const rowsPerCluster = 3;
/** Pair distances are quadratic in rows: agglomerative clustering sees no more than this many (36 MB of them). */
const agglomerativeRows = 3_000;
/** Density is measured on this many rows: trees lose their edge in many dimensions. */
const densityRows = 5_000;
/** Shares of rows that shall be cores: radii of DBSCAN are read from the k-distances there. */
const coreShares = [0.5, 0.7, 0.85, 0.95];
/** Smallest cluster of HDBSCAN, as shares of the rows. */
const smallestShares = [0.01, 0.04];

/** Every candidate in turn, simplest first. */
export async function* clusterCandidates(
  rows: Matrix,
  random: Random,
  control: RunControl,
): AsyncGenerator<ClusterCandidate> {
  const counts = (n: number): number[] =>
    clusterCounts.filter((count) => count === 2 || count * rowsPerCluster <= n);
  for (const clusters of counts(rows.n)) {
    const fitted = await fitKMeans(rows, { clusters, starts }, random.fork(`k-means/${clusters}`), control);
    yield { model: new AlertClusterModel('k-means', fitted.model), parameters: { clusters } };
  }
  yield* agglomerative(drawRows(rows, agglomerativeRows, random.fork('agglomerative')), counts, control);
  const dense = drawRows(rows, densityRows, random.fork('density'));
  yield* byRadius(dense, random, control);
  yield* byHierarchyOfDensity(dense, random, control);
}

/** Ward's groups, kept as their centroids: a dendrogram places no new rows. */
async function* agglomerative(
  rows: Matrix,
  counts: (n: number) => number[],
  control: RunControl,
): AsyncGenerator<ClusterCandidate> {
  const dendrogram = await fitAgglomerative(rows, { linkage: 'ward' }, control);
  for (const clusters of counts(rows.n)) {
    const model = centroidsOf(rows, dendrogram.cut({ clusters }), clusters);
    yield { model: new AlertClusterModel('agglomerative', model), parameters: { clusters } };
  }
}

/** A neighbourhood grows with the rows, slowly, from 3 to twice the columns (Sander et al. 1998). */
function neighborhood({ n, d }: Matrix): number {
  return Math.max(3, Math.min(2 * d, Math.round(Math.sqrt(n) / 5)));
}

async function* byRadius(
  rows: Matrix,
  random: Random,
  control: RunControl,
): AsyncGenerator<ClusterCandidate> {
  const minimumNeighbors = neighborhood(rows);
  const distances = neighborDistances(rows, minimumNeighbors - 1).sort();
  const radii = coreShares.map((share) => distances[Math.floor(share * (rows.n - 1))]!);
  for (const epsilon of new Set(radii)) {
    if (epsilon === 0) continue;
    const fitted = await fitDbscan(rows, { epsilon, minimumNeighbors }, random, control);
    yield { model: new AlertClusterModel('dbscan', fitted), parameters: { epsilon, minimumNeighbors } };
  }
}

async function* byHierarchyOfDensity(
  rows: Matrix,
  random: Random,
  control: RunControl,
): AsyncGenerator<ClusterCandidate> {
  const minSamples = neighborhood(rows);
  const sizes = smallestShares.map((share) => Math.max(minSamples, Math.round(share * rows.n)));
  for (const minClusterSize of new Set(sizes)) {
    if (minClusterSize > rows.n) continue;
    const options = { minClusterSize, minSamples, ties: 'distance' } as const;
    const fitted = await fitHdbscan(rows, options, random, control);
    yield { model: new AlertClusterModel('hdbscan', fitted), parameters: { minClusterSize, minSamples } };
  }
}
