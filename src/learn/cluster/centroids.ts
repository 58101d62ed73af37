import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { checkMatrix, type Matrix } from '../matrix';

/** Where rows belong, and how surely. */
export interface Placements {
  /** Cluster of each row; −1 is noise, where the model knows noise. */
  readonly labels: Int32Array;
  /** In [0, 1]. */
  readonly confidences: Float64Array;
}

export interface CentroidDistances {
  /** Number of the nearest centroid. */
  readonly labels: Int32Array;
  readonly nearest: Float64Array;
  /** Distance to the second nearest; infinite when there is one centroid. */
  readonly second: Float64Array;
}

/**
 * Clusters as points: a row belongs to the nearest one. Confidence is the simplified silhouette of the row (Hruschka,
 * Campello and de Castro 2006), (b − a) / b with a and b the distances to the nearest and the next centroid: 1 on a
 * centroid, 0 halfway between two, and low far from all. With one centroid it is 1 up to the farthest fitted row and
 * falls as the inverse of the distance beyond.
 */
export class CentroidModel {
  /**
   * @param centroids k × d, row-major
   * @param reach distance of the farthest fitted row from its centroid
   */
  constructor(
    readonly centroids: Float64Array,
    readonly clusters: number,
    readonly dimensions: number,
    readonly reach: number,
  ) {}

  /** @param queries q × d. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE */
  predict(queries: Matrix): Placements {
    const { labels, nearest, second } = this.distances(queries);
    const confidences = nearest.map((own, row) => {
      const next = second[row]!;
      if (next === Infinity) return own <= this.reach ? 1 : this.reach / own;
      return next > 0 ? (next - own) / next : 0;
    });
    return { labels, confidences };
  }

  /** @param queries q × d. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE */
  distances(queries: Matrix): CentroidDistances {
    checkQueries(queries, this.dimensions);
    const { n, d, values } = queries;
    const labels = new Int32Array(n);
    const nearest = new Float64Array(n);
    const second = new Float64Array(n);
    for (let row = 0; row < n; row++) {
      let least = Infinity;
      let next = Infinity;
      let label = 0;
      for (let cluster = 0; cluster < this.clusters; cluster++) {
        let square = 0;
        for (let column = 0; column < d; column++) {
          const difference = values[row * d + column]! - this.centroids[cluster * d + column]!;
          square += difference * difference;
        }
        if (square < least) {
          next = least;
          least = square;
          label = cluster;
        } else if (square < next) next = square;
      }
      labels[row] = label;
      nearest[row] = Math.sqrt(least);
      second[row] = Math.sqrt(next);
    }
    return { labels, nearest, second };
  }

  toBytes(): Uint8Array {
    return encodeModel(kind, formatVersion, {
      parameters: { clusters: this.clusters, dimensions: this.dimensions, reach: this.reach },
      arrays: { centroids: this.centroids },
    });
  }
}

const kind = 'centroids';
const formatVersion = 1;

/** @throws MODEL_BYTES_INVALID */
export function centroidsFromBytes(bytes: Uint8Array): CentroidModel {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const clusters = Number(parameters['clusters']);
  const dimensions = Number(parameters['dimensions']);
  const reach = Number(parameters['reach']);
  const { centroids } = arrays;
  if (!(centroids instanceof Float64Array) || centroids.length !== clusters * dimensions || !(reach >= 0)) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'not the centroids of a clustering');
  }
  return new CentroidModel(centroids, clusters, dimensions, reach);
}

/** The mean of the rows of every label from 0 up; rows below 0 belong to none. */
export function centroidsOf(data: Matrix, labels: Int32Array, clusters: number): CentroidModel {
  const { values, n, d } = data;
  const sums = new Float64Array(clusters * d);
  const sizes = new Float64Array(clusters);
  for (let row = 0; row < n; row++) {
    const label = labels[row]!;
    if (label < 0) continue;
    sizes[label]!++;
    for (let column = 0; column < d; column++) sums[label * d + column]! += values[row * d + column]!;
  }
  const centroids = sums.map((sum, index) => sum / sizes[Math.floor(index / d)]!);
  const model = new CentroidModel(centroids, clusters, d, 0);
  let reach = 0;
  for (const distance of model.distances(data).nearest) reach = Math.max(reach, distance);
  return new CentroidModel(centroids, clusters, d, reach);
}

/** @throws DATA_WIDTH_MISMATCH, DATA_RAGGED, DATA_NOT_FINITE */
export function checkQueries(queries: Matrix, dimensions: number): void {
  if (queries.n === 0) return;
  if (queries.d !== dimensions) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the queries have ${queries.d} columns, the model was fitted on ${dimensions}`,
    );
  }
  checkMatrix(queries);
}
