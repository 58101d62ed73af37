import type { Alert } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import {
  clusterProfiles,
  fitAlertClusters,
  type AlertClusterFit,
  type AlertClusterSkip,
  type ClusterProfile,
} from '../cluster';
import { pickRows } from '../cluster/drawRows';
import { fitFeatureSpace, fitNameEmbedding, type FeatureSpace, type NameEmbedding } from '../features';
import { nameColumns } from './nameColumns';

/** An alert with its features, as learning sees it. */
export interface LearningRow {
  readonly alert: Pick<Alert, 'name' | 'service' | 'severity'>;
  /** Id of the node it was mapped to. */
  readonly service: string | null;
  readonly features: Float32Array;
}

export interface LearningOptions {
  readonly seed: number;
  /** MIN_CLUSTERING_SAMPLES */
  readonly minimumSamples: number;
  /** OUTLIER_CONTAMINATION */
  readonly contamination: number;
  /** PCA_VARIANCE_THRESHOLD */
  readonly varianceThreshold: number;
  readonly bootstrap?: { readonly resamples?: number; readonly confidence?: number };
}

export interface LearnedAlertModel {
  readonly status: 'fitted';
  readonly space: FeatureSpace;
  readonly fit: AlertClusterFit;
  readonly profiles: readonly ClusterProfile[];
  readonly outliers: number;
}

/** A feature space needs as many. */
const fewestRows = 3;

/**
 * Learns the kinds of alerts: the space of the features first (outliers set aside), then the clusters of what is left.
 * Profiles count every alert, outliers among them. Too few alerts, or alerts that are all alike, are no error.
 * @param featureNames of `rows[…].features`, in order
 * @throws DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED
 */
export async function learnAlertModel(
  rows: readonly LearningRow[],
  featureNames: readonly string[],
  options: LearningOptions,
  control: RunControl = {},
): Promise<LearnedAlertModel | AlertClusterSkip> {
  const { seed, minimumSamples, contamination, varianceThreshold, bootstrap } = options;
  const needed = Math.max(fewestRows, minimumSamples);
  if (rows.length < needed) {
    const reason = `${rows.length} alerts to learn from, at least ${needed} are needed`;
    return { status: 'skipped', code: 'DATA_TOO_FEW_ROWS', reason, rows: rows.length };
  }
  const names = new Set(rows.map(({ alert }) => alert.name));
  const nameEmbedding = await fitNameEmbedding(names, seed, control);
  const raw = featureRows(rows, featureNames, nameEmbedding);
  const space = await fitFeatureSpace(
    raw,
    { contamination, varianceThreshold, seed, nameEmbedding },
    control,
  );
  const inside = Int32Array.from(space.outliers.keys()).filter((row) => space.outliers[row] === 0);
  const fit = await fitAlertClusters(
    space.transform(pickRows(raw, inside)),
    // The alerts were counted before some of them were set aside.
    { seed, minimumSamples: fewestRows, ...(bootstrap && { bootstrap }) },
    control,
  );
  if (fit.status === 'skipped') return fit;
  const { cluster } = fit.model.predict(space.transform(raw));
  const profiled = rows.map(({ alert, service }) => ({ ...alert, service: service ?? alert.service }));
  return {
    status: 'fitted',
    space,
    fit,
    profiles: clusterProfiles(profiled, cluster),
    outliers: raw.n - inside.length,
  };
}

/** The features as a matrix, names placed by the given embedding (see `nameColumns`). */
export function featureRows(
  rows: readonly Pick<LearningRow, 'alert' | 'features'>[],
  featureNames: readonly string[],
  nameEmbedding: NameEmbedding | undefined,
): Matrix {
  const d = featureNames.length;
  const values = new Float32Array(rows.length * d);
  const columns = nameColumns(featureNames);
  const placed = new Map<string, Float32Array>();
  rows.forEach(({ alert, features }, row) => {
    values.set(features, row * d);
    if (!nameEmbedding) return;
    let place = placed.get(alert.name);
    if (!place) placed.set(alert.name, (place = nameEmbedding.embed(alert.name)));
    for (let column = 0; column < d; column++) {
      if (columns[column]! >= 0) values[row * d + column] = place[columns[column]!]!;
    }
  });
  return { values, n: rows.length, d };
}
