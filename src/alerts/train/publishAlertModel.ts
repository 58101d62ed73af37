import { isQuarterdeckError, toTimestamp, type Manifest, type ModelVersion } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { listVersions, publishVersion, readManifest, type VersionEntry } from '../../registry';
import { alertClusterScope, encodeAlertModel, type AlertModelMetadata } from '../model';
import type { AlertHistory } from './alertHistory';
import type { LearningOptions } from './learnAlertModel';
import type { RetrainedAlertModel } from './retrainAlertModel';

export interface FinishedTraining {
  readonly key: string;
  readonly history: AlertHistory;
  readonly options: LearningOptions;
  readonly retrained: RetrainedAlertModel;
  /** Version that it was compared with. */
  readonly comparedWith: ModelVersion | null;
}

/** Writes the next version, v1, v2, v3 …, with the report of how it came to be. */
export function publishAlertModel(
  platform: Platform,
  { key, history, options, retrained, comparedWith }: FinishedTraining,
  signal: AbortSignal,
): Promise<ModelVersion> {
  const { learned, comparison, checks, heldOut } = retrained;
  const { fit, space, profiles, outliers } = learned;
  const timestamp = toTimestamp(platform.clock.now());
  const metadata = (version: ModelVersion): AlertModelMetadata => ({
    version,
    algorithm: fit.algorithm,
    parameters: fit.parameters,
    n_clusters: fit.clusters,
    silhouette_score: fit.silhouette,
    silhouette_interval: fit.silhouetteInterval,
    noise_share: fit.noiseShare,
    n_samples: fit.rows,
    n_outliers: outliers,
    n_held_out: heldOut,
    timestamp,
    feature_count: space.columns,
    feature_names: [...history.featureNames],
    pca_components: space.components,
    explained_variance: space.explainedVarianceRatio.reduce((sum, share) => sum + share, 0),
    seed: options.seed,
  });
  const report = {
    history: history.counts,
    candidates: fit.candidates,
    comparedWith,
    comparison: comparison ?? null,
    checks,
  };
  return publishVersion(
    platform,
    {
      scope: alertClusterScope,
      files: (version) =>
        encodeAlertModel(
          { version, space, clusters: fit.model, profiles, metadata: metadata(version) },
          report,
        ),
      parameters: { trainingKey: key, ...options, gate: checks, comparedWith },
      seed: options.seed,
      dataWindow: {
        from: history.rows[0]!.alert.startsAt,
        to: history.rows.at(-1)!.alert.startsAt,
        rows: history.rows.length,
      },
      metrics: {
        clusters: fit.clusters,
        silhouette: fit.silhouette,
        noiseShare: fit.noiseShare,
        heldOutScore: comparison?.candidate.score ?? null,
        currentScore: comparison?.current.score ?? null,
        relativeImprovement: comparison?.relativeImprovement ?? null,
      },
      embeddingModel: null,
    },
    signal,
  );
}

/** The newest version that was trained with this key; undefined when that training was never finished. */
export async function findPublishedModel(
  platform: Platform,
  key: string,
  signal: AbortSignal,
): Promise<{ entry: VersionEntry; manifest: Manifest } | undefined> {
  const entries = await listVersions(platform, alertClusterScope, signal);
  for (const entry of entries.reverse()) {
    try {
      const manifest = await readManifest(platform, alertClusterScope, entry.version, signal);
      if (manifest.parameters['trainingKey'] === key) return { entry, manifest };
    } catch (error) {
      // A manifest that cannot be read is no version that could be promoted.
      if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
      platform.telemetry.exception(error, { scope: alertClusterScope, version: entry.version });
    }
  }
  return undefined;
}
