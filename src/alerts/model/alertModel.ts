import type { ModelVersion } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { AlertClusterModel, ClusterProfile } from '../cluster';
import type { FeatureSpace } from '../features';
import type { AlertModelMetadata } from './metadata';

/** Everything that tells the kind of an alert: what is placed in the space, and what the kinds are. */
export interface AlertModel {
  readonly version: ModelVersion;
  readonly space: FeatureSpace;
  readonly clusters: AlertClusterModel;
  readonly profiles: readonly ClusterProfile[];
  readonly metadata: AlertModelMetadata;
}

export interface PlacedAlerts {
  /** Kind of each alert, 0 … clusters − 1; −1 when it resembles none. */
  readonly cluster: Int32Array;
  /** In [0, 1]; 0 where the cluster is −1. */
  readonly confidence: Float32Array;
  /** 1 where an alert is unlike all others; it has its place all the same. */
  readonly outlier: Uint8Array;
}

/**
 * The kinds of alerts that the model did not see.
 * @param rows what `alertFeatures` gives, made with the model's own `space.nameEmbedding`
 * @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE
 */
export function placeAlerts(model: Pick<AlertModel, 'space' | 'clusters'>, rows: Matrix): PlacedAlerts {
  const { cluster, confidence } = model.clusters.predict(model.space.transform(rows));
  return { cluster, confidence, outlier: model.space.outliersAmong(rows) };
}
