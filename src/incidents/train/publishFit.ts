import type { LabeledCluster, LabeledClusters, Manifest, ModelVersion, Quarter } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { publishVersion, techCenterScope, type GateCheck } from '../../registry';
import type { ClusteringRecipe } from '../cluster/recipe';
import { encodeAnalysis, type Layout } from '../model/analysis';
import { modelFiles } from '../model/clusteringModel';
import type { Comparison } from './compareWithCurrent';
import type { FitOutput } from './fitCenter';
import { matchClusters } from './identity/matchClusters';
import type { Labels } from './labelClusters';

/** What is published of a training. */
export interface FinishedFit {
  readonly techCenter: string;
  readonly quarter: Quarter;
  readonly trainingKey: string;
  readonly recipe: ClusteringRecipe;
  readonly fit: FitOutput;
  readonly labels: Labels;
  readonly layout: Layout;
  readonly checks: readonly GateCheck[];
  readonly comparison: Comparison | undefined;
  readonly previous: PreviousLabels | undefined;
  readonly dataWindow: Manifest['dataWindow'];
  readonly embeddingModel: string;
}

export interface PreviousLabels {
  readonly version: ModelVersion;
  readonly labeled: LabeledClusters;
  readonly embeddingModel: string | null;
}

/** Writes the version; its clusters get their identities once its name is known. */
export function publishFit(
  platform: Platform,
  finished: FinishedFit,
  signal: AbortSignal,
): Promise<ModelVersion> {
  const { fit, labels, quarter, comparison } = finished;
  return publishVersion(
    platform,
    {
      scope: techCenterScope(finished.techCenter),
      year: quarter.year,
      quarter: quarter.quarter,
      files: (version) => [
        { path: modelFiles.clusterer, bytes: fit.clusterer },
        { path: modelFiles.reducer, bytes: fit.reducer },
        ...encodeAnalysis({
          labeled: identified(finished, version),
          domains: labels.domains,
          layout: finished.layout,
        }),
      ],
      parameters: {
        trainingKey: finished.trainingKey,
        recipe: finished.recipe,
        gate: finished.checks,
        comparedWith: finished.previous?.version ?? null,
      },
      seed: platform.settings.TRAIN_SEED,
      dataWindow: finished.dataWindow,
      metrics: {
        ...fit.quality,
        domains: labels.domains.length,
        sampleSilhouette: comparison?.candidate.silhouette ?? null,
        currentSilhouette: comparison?.current.silhouette ?? null,
        currentNoiseShare: comparison?.current.noiseShare ?? null,
        rejectedNames: labels.rejectedNames,
      },
      embeddingModel: finished.embeddingModel,
    },
    signal,
  );
}

function identified(finished: FinishedFit, version: ModelVersion): LabeledClusters {
  const { previous, comparison, labels } = finished;
  const { identities, deaths } = matchClusters({
    techCenter: finished.techCenter,
    trainingKey: finished.trainingKey,
    version,
    centroids: finished.fit.clusters.map((cluster) => cluster.centroid),
    previous:
      previous && comparison
        ? {
            version: previous.version,
            clusters: previous.labeled.clusters,
            deaths: previous.labeled.deaths,
            overlap: comparison.overlap,
            sameEmbeddingModel: previous.embeddingModel === finished.embeddingModel,
          }
        : undefined,
  });
  return {
    clusters: labels.clusters.map((label, index): LabeledCluster => ({ ...label, ...identities[index]! })),
    deaths,
  };
}
