import {
  isQuarterdeckError,
  modelVersionSchema,
  noiseCluster,
  type ClusteringPrediction,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { versionAnalysis } from '../model/currentModel';

/** Lasting id of the cluster that a stored prediction names; null for noise, and when that version is gone. */
export async function stableIdOf(
  platform: Platform,
  prediction: Pick<ClusteringPrediction, 'techCenter' | 'modelVersion' | 'predictedCluster'>,
  signal: AbortSignal,
): Promise<string | null> {
  const { techCenter, modelVersion, predictedCluster } = prediction;
  const version = modelVersionSchema.safeParse(modelVersion);
  if (predictedCluster === noiseCluster || !version.success) return null;
  try {
    const { value } = await versionAnalysis(platform, techCenter, version.data, signal);
    return value.labeled.clusters[predictedCluster]?.stableId ?? null;
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING') || isQuarterdeckError(error, 'MODEL_CORRUPT')) return null;
    throw error;
  }
}
