import { isQuarterdeckError, noiseCluster, type ModelVersion, type Position } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { resolveModel, techCenterScope } from '../../registry';
import { decodeAnalysis, modelFile } from '../model/analysis';
import { modelFiles } from '../model/clusteringModel';
import { incidentEmbedderByName } from '../preprocess/incidentEmbedder';
import { takeRows } from './clusterMembers';
import type { ComparisonInput, CurrentView } from './compareWithCurrent';
import type { FitOutput } from './fitCenter';
import type { PreviousLabels } from './publishFit';
import type { TrainingData } from './trainingData';
import { matrixFromRows } from '../../learn/matrix';

/** The version that a new one continues and is held against. */
export interface CurrentVersion extends PreviousLabels {
  readonly model: { readonly reducer: Uint8Array; readonly clusterer: Uint8Array };
}

/** Undefined for the first training of a centre, and when no version is whole: then there is nothing to continue. */
export async function currentVersion(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<CurrentVersion | undefined> {
  try {
    const { version, manifest, files } = await resolveModel(platform, techCenterScope(techCenter), signal);
    const { labeled } = decodeAnalysis(files);
    return {
      version,
      labeled,
      embeddingModel: manifest.embeddingModel,
      model: {
        reducer: modelFile(files, modelFiles.reducer),
        clusterer: modelFile(files, modelFiles.clusterer),
      },
    };
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_MISSING') && !isQuarterdeckError(error, 'MODEL_CORRUPT'))
      throw error;
    platform.telemetry.log('info', 'no version to continue', { techCenter, code: error.code });
    return undefined;
  }
}

/** The sample of a fit, with what the current version says of it. */
export async function comparisonInput(
  platform: Platform,
  current: CurrentVersion,
  training: { techCenter: string; data: TrainingData; fit: FitOutput },
  signal: AbortSignal,
): Promise<ComparisonInput> {
  const { data, fit } = training;
  const { rows, weights } = fit.sample;
  return {
    current: await currentView(platform, current, training, signal),
    embeddings: takeRows(data.embeddings, rows),
    labels: rows.map((row) => fit.labels[row]!),
    weights,
    clusters: fit.clusters.length,
    seed: platform.settings.TRAIN_SEED,
  };
}

async function currentView(
  platform: Platform,
  current: CurrentVersion,
  { techCenter, data, fit }: { techCenter: string; data: TrainingData; fit: FitOutput },
  signal: AbortSignal,
): Promise<CurrentView> {
  const { rows } = fit.sample;
  const { clusters } = current.labeled;
  const view = {
    ...current.model,
    reaches: clusters.map(({ centroid, leastSimilarity }) => ({ centroid, leastSimilarity })),
    embeddings: undefined,
  };
  if (current.embeddingModel === null || current.embeddingModel === data.embedder?.model) return view;
  try {
    const embedder = await incidentEmbedderByName(platform, current.embeddingModel, signal);
    const texts = Array.from(rows, (row) => data.texts[row]!);
    return { ...view, embeddings: matrixFromRows(await embedder.embed(texts, { signal })) };
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_MISSING')) throw error;
    platform.telemetry.log(
      'warning',
      'the embedder of the current version is gone, its predictions are used',
      {
        techCenter,
        version: current.version,
        embeddingModel: current.embeddingModel,
      },
    );
    const stored = await storedLabels(platform, { techCenter, version: current.version, data }, signal);
    return {
      labels: rows.map((row) => stored.get(data.numbers[row]!) ?? noiseCluster),
      clusters: clusters.length,
    };
  }
}

/** Predictions per read. */
const pageRows = 5_000;

/** Cluster of each row of the window that the version has predicted, by number. */
async function storedLabels(
  platform: Platform,
  { techCenter, version, data }: { techCenter: string; version: ModelVersion; data: TrainingData },
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const labels = new Map<string, number>();
  let after: Position | undefined;
  for (;;) {
    const page = await platform.warehouse.predictionsBetween(
      { techCenter, modelVersion: version, ...data.window, ...(after && { after }), limit: pageRows },
      signal,
    );
    for (const row of page) labels.set(row.number, row.predictedCluster);
    const last = page.at(-1);
    if (!last || page.length < pageRows) return labels;
    after = { sysCreatedOn: last.sysCreatedOn, number: last.number };
  }
}
