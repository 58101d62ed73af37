import { QuarterdeckError } from '../../contracts';
import { modelKind } from '../../learn/binary';
import {
  CentroidModel,
  centroidsFromBytes,
  dbscanFromBytes,
  FittedDbscan,
  hdbscanFromBytes,
  type FittedHdbscan,
} from '../../learn/cluster';
import type { Matrix } from '../../learn/matrix';

export const clusterAlgorithms = ['k-means', 'agglomerative', 'dbscan', 'hdbscan'] as const;
export type ClusterAlgorithm = (typeof clusterAlgorithms)[number];

export interface AlertPlacements {
  /** Kind of alert, 0 … clusters − 1; −1 when it resembles none (DBSCAN and HDBSCAN only). */
  readonly cluster: Int32Array;
  /** In [0, 1]; 0 where the cluster is −1. */
  readonly confidence: Float32Array;
}

type Fitted = CentroidModel | FittedDbscan | FittedHdbscan;

/** Kinds of alerts as the chosen algorithm found them; places new alerts, whichever that was. */
export class AlertClusterModel {
  constructor(
    readonly algorithm: ClusterAlgorithm,
    private readonly fitted: Fitted,
  ) {}

  get clusters(): number {
    return 'clusterCount' in this.fitted ? this.fitted.clusterCount : this.fitted.clusters;
  }

  /**
   * K-Means and agglomerative: the nearest centroid, and how much nearer it is than the next one. DBSCAN: the nearest
   * core within the radius. HDBSCAN: the membership strength in the clusters as they stand.
   * @param rows n × d, in the space the model was fitted in.
   * @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE
   */
  predict(rows: Matrix): AlertPlacements {
    const { fitted } = this;
    if ('clusterCount' in fitted) {
      const { labels, strengths } = fitted.predict(rows);
      return { cluster: labels, confidence: Float32Array.from(strengths) };
    }
    const { labels, confidences } = fitted.predict(rows);
    return { cluster: labels, confidence: Float32Array.from(confidences) };
  }

  toBytes(): Uint8Array {
    return this.fitted.toBytes();
  }
}

/** @throws MODEL_BYTES_INVALID when the bytes are none of that algorithm's. */
export function alertClusterModelFromBytes(
  algorithm: ClusterAlgorithm,
  bytes: Uint8Array,
): AlertClusterModel {
  const kind = modelKind(bytes);
  const expected = algorithm === 'dbscan' || algorithm === 'hdbscan' ? algorithm : 'centroids';
  if (kind !== expected) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `${kind} is no model of ${algorithm}`);
  }
  if (kind === 'dbscan') return new AlertClusterModel(algorithm, dbscanFromBytes(bytes));
  if (kind === 'hdbscan') return new AlertClusterModel(algorithm, hdbscanFromBytes(bytes));
  return new AlertClusterModel(algorithm, centroidsFromBytes(bytes));
}
