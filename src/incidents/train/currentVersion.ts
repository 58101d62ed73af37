import { isQuarterdeckError } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { resolveModel, techCenterScope } from '../../registry';
import { decodeAnalysis, modelFile } from '../model/analysis';
import { modelFiles } from '../model/clusteringModel';
import { incidentEmbedderByName } from '../preprocess/incidentEmbedder';
import { takeRows } from './clusterMembers';
import type { ComparisonInput } from './compareWithCurrent';
import type { FitOutput } from './fitCenter';
import type { PreviousLabels } from './publishFit';
import type { TrainingData } from './trainingData';
import { matrixFromRows, type Matrix } from '../../learn/matrix';

/** The version that a new one continues and is held against. */
export interface CurrentVersion extends PreviousLabels {
  readonly model: ComparisonInput['current'];
}

/** Undefined for the first training of a centre, and when no version is whole: then there is nothing to continue. */
export async function currentVersion(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<CurrentVersion | undefined> {
  try {
    const { version, manifest, files } = await resolveModel(platform, techCenterScope(techCenter), signal);
    return {
      version,
      labeled: decodeAnalysis(files).labeled,
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

/** The sample of a fit as the current version's comparison takes it, embedded by that version's embedder too. */
export async function comparisonInput(
  platform: Platform,
  current: CurrentVersion,
  data: TrainingData,
  fit: FitOutput,
  signal: AbortSignal,
): Promise<ComparisonInput> {
  const { rows, weights } = fit.sample;
  let currentEmbeddings: Matrix | undefined;
  if (current.embeddingModel !== null && current.embeddingModel !== data.embedder?.model) {
    const embedder = await incidentEmbedderByName(platform, current.embeddingModel, signal);
    const texts = Array.from(rows, (row) => data.texts[row]!);
    currentEmbeddings = matrixFromRows(await embedder.embed(texts, { signal }));
  }
  return {
    current: current.model,
    embeddings: takeRows(data.embeddings, rows),
    currentEmbeddings,
    labels: rows.map((row) => fit.labels[row]!),
    weights,
    clusters: fit.clusters.length,
    seed: platform.settings.TRAIN_SEED,
  };
}
