import { QuarterdeckError, type Random } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { checkMatrix, type Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { CentroidModel, type Placements } from './centroids';
import { LloydSteps } from './lloyd';
import { startCentroids } from './startCentroids';

export interface KMeansOptions {
  readonly clusters: number;
  /** Starts, of which the one with the least inertia counts; 10 when left out. */
  readonly starts?: number;
  /** Most iterations of one start; 300 when left out. */
  readonly iterations?: number;
  /** Squared move of all centroids, as a share of the mean variance of a column, that counts as none; 1e-4. */
  readonly tolerance?: number;
}

const defaults = { starts: 10, iterations: 300, tolerance: 1e-4 };
/** Work (rows × columns × clusters) between two turns of the event loop; some ten milliseconds. */
const productsPerBreath = 50_000_000;

/** A fitted K-Means clustering; made by `fitKMeans` or `kMeansFromBytes`. Cluster 0 is the largest. */
export class FittedKMeans {
  constructor(
    readonly model: CentroidModel,
    /** Row → cluster: the nearest centroid. */
    readonly labels: Int32Array,
    /** Sum of the squared distances of the rows to their centroids. */
    readonly inertia: number,
    /** Iterations of the start that counted. */
    readonly iterations: number,
  ) {}

  /** Clusters found: fewer than asked when fewer rows differ. */
  get clusters(): number {
    return this.model.clusters;
  }

  /** The nearest centroid of each query. @param queries q × d. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE */
  predict(queries: Matrix): Placements {
    return this.model.predict(queries);
  }

  toBytes(): Uint8Array {
    const { clusters, dimensions, reach, centroids } = this.model;
    const { inertia, iterations, labels } = this;
    return encodeModel(kind, formatVersion, {
      parameters: { clusters, dimensions, reach, inertia, iterations },
      arrays: { centroids, labels },
    });
  }
}

const kind = 'k-means';
const formatVersion = 1;

/** @throws MODEL_BYTES_INVALID */
export function kMeansFromBytes(bytes: Uint8Array): FittedKMeans {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const number = (name: string): number => Number(parameters[name]);
  const { centroids, labels } = arrays;
  if (
    !(centroids instanceof Float64Array) ||
    !(labels instanceof Int32Array) ||
    centroids.length !== number('clusters') * number('dimensions')
  ) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'not the arrays of a K-Means clustering');
  }
  const model = new CentroidModel(centroids, number('clusters'), number('dimensions'), number('reach'));
  return new FittedKMeans(model, labels, number('inertia'), number('iterations'));
}

/**
 * K-Means: Lloyd's iterations (1982) from greedy k-means++ starts, with scikit-learn's rules for the end and for
 * clusters that run empty. Euclidean distance.
 *
 * @param data n × d, at least `clusters` rows.
 * @throws PARAMETER_INVALID, DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, DATA_NOT_FINITE, ABORTED
 */
export async function fitKMeans(
  data: Matrix,
  options: KMeansOptions,
  random: Random,
  control: RunControl = {},
): Promise<FittedKMeans> {
  const { clusters, starts, iterations, tolerance } = complete(options);
  checkMatrix(data, { minimumRows: clusters });
  checkAborted(control);
  const steps = new LloydSteps(data, clusters);
  const smallestMove = tolerance * meanVariance(data, steps.mean);
  let best = { inertia: Infinity, iterations: 0, centroids: steps.centroids };
  let unwatched = 0;
  for (let start = 0; start < starts; start++) {
    startCentroids(steps, random.fork(start));
    let iteration = 0;
    let moving = true;
    while (moving && iteration < iterations) {
      iteration++;
      moving = steps.assign() && steps.update() > smallestMove;
      unwatched += data.values.length * clusters;
      if (unwatched > productsPerBreath) {
        unwatched = 0;
        await breathe(control);
      }
    }
    steps.assign();
    const inertia = steps.inertia();
    if (inertia < best.inertia) {
      best = { inertia, iterations: iteration, centroids: Float64Array.from(steps.centroids) };
    }
    control.onProgress?.({ stage: 'starts', done: start + 1, total: starts });
    checkAborted(control);
  }
  return fitted(data, best.centroids, steps.mean, best.iterations);
}

/** Puts the mean back, leaves empty clusters out, and numbers the rest from the largest down. */
function fitted(data: Matrix, centred: Float64Array, mean: Float64Array, iterations: number): FittedKMeans {
  const { d } = data;
  const found = centred.map((value, index) => value + mean[index % d]!);
  const { labels } = new CentroidModel(found, found.length / d, d, 0).distances(data);
  const sizes = new Int32Array(found.length / d);
  for (const label of labels) sizes[label]!++;
  const order = Array.from(sizes.keys())
    .filter((cluster) => sizes[cluster]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || compareRows(found, d, a, b));
  const centroids = new Float64Array(order.length * d);
  order.forEach((cluster, rank) => {
    centroids.set(found.subarray(cluster * d, (cluster + 1) * d), rank * d);
  });
  const { labels: ranks, nearest } = new CentroidModel(centroids, order.length, d, 0).distances(data);
  let inertia = 0;
  let reach = 0;
  for (const distance of nearest) {
    inertia += distance * distance;
    reach = Math.max(reach, distance);
  }
  return new FittedKMeans(new CentroidModel(centroids, order.length, d, reach), ranks, inertia, iterations);
}

function compareRows(values: Float64Array, d: number, a: number, b: number): number {
  for (let column = 0; column < d; column++) {
    const difference = values[a * d + column]! - values[b * d + column]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function meanVariance({ values, n, d }: Matrix, mean: Float64Array): number {
  let squares = 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) squares += (values[row * d + column]! - mean[column]!) ** 2;
  }
  return squares / (n * d);
}

function complete(options: KMeansOptions): Required<KMeansOptions> {
  const filled = { ...defaults, ...options };
  for (const option of ['clusters', 'starts', 'iterations'] as const) {
    if (!Number.isInteger(filled[option]) || filled[option] < 1) {
      throw new QuarterdeckError(
        'PARAMETER_INVALID',
        `${option} is ${filled[option]}, a whole number from 1 up is needed`,
        { culprit: { option } },
      );
    }
  }
  if (!(filled.tolerance >= 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `tolerance is ${filled.tolerance}, 0 or more is needed`, {
      culprit: { option: 'tolerance' },
    });
  }
  return filled;
}
