import type { Manifest, ModelVersion, Quarter } from '../../contracts';
import type { Progress } from '../../learn/run';
import type { ThreadPool } from '../../learn/threads';
import type { Platform } from '../../platform/platform';
import { evaluateGate, readManifest, storedGate, techCenterScope, type GateResult } from '../../registry';
import { defaultRecipe } from '../cluster/recipe';
import { compareTask, type Comparison } from './compareWithCurrent';
import { comparisonInput, currentVersion } from './currentVersion';
import { fitCenterTask, type FitOutput } from './fitCenter';
import { gateChecks } from './gate';
import { labelClusters } from './labelClusters';
import { watchProgress } from './progressChannel';
import { promoteTrained, type PromotionOutcome } from './promoteTrained';
import { findPublished } from './publishedTraining';
import { publishFit } from './publishFit';
import { ticketTitles } from './ticketTitles';
import { loadTrainingData, type TrainingData } from './trainingData';
import { trainingKey } from './trainingKey';

export interface CenterOrder {
  readonly techCenter: string;
  readonly quarter: Quarter;
  readonly promote: boolean;
}

export interface CenterControl {
  readonly signal: AbortSignal;
  readonly threads: ThreadPool;
  readonly onProgress?: (progress: Progress) => void;
}

/** How the training of one tech centre ended. */
export interface CenterTraining {
  readonly rows: number;
  /** Undefined when there were too few rows. */
  readonly version: ModelVersion | undefined;
  /** An earlier attempt had published the version already. */
  readonly resumed: boolean;
  readonly promotion: PromotionOutcome | undefined;
  readonly metrics: Manifest['metrics'];
}

/**
 * Trains, publishes and promotes one tech centre's clustering; the caller holds its lease.
 *
 * Every step leaves a state from which a rerun goes on: until the manifest is written no version exists, and a
 * version of the same data, parameters and code is found by its training key and only promoted.
 *
 * @throws what the steps throw: WAREHOUSE_*, STORAGE_*, EMBEDDING_*, DATA_*, ABORTED
 */
export async function trainCenter(
  platform: Platform,
  order: CenterOrder,
  control: CenterControl,
): Promise<CenterTraining> {
  const { techCenter, quarter } = order;
  const { signal } = control;
  control.onProgress?.({ stage: 'load', done: 0, total: 1 });
  const data = await loadTrainingData(platform, techCenter, quarter, signal);
  const rows = data.embeddings.n;
  if (!data.embedder || rows < platform.settings.TRAIN_MINIMUM_ROWS) {
    return { rows, version: undefined, resumed: false, promotion: undefined, metrics: {} };
  }
  const key = trainingKey({
    techCenter,
    quarter,
    dataDigest: data.digest,
    embeddingModel: data.embedder.model,
    recipe: defaultRecipe(rows),
    seed: platform.settings.TRAIN_SEED,
  });
  const found = await findPublished(platform, techCenter, quarter, key, signal);
  const { version, gate, metrics } = found
    ? { version: found.entry.version, gate: storedGate(found.manifest), metrics: found.manifest.metrics }
    : await fitAndPublish(platform, order, { data, embeddingModel: data.embedder.model, key }, control);
  const promotion = await promoteTrained(
    platform,
    { techCenter, version, gate, wanted: order.promote, withdrawn: found?.entry.withdrawn ?? false },
    signal,
  );
  return { rows, version, resumed: found !== undefined, promotion, metrics };
}

interface Material {
  readonly data: TrainingData;
  readonly embeddingModel: string;
  readonly key: string;
}

async function fitAndPublish(
  platform: Platform,
  { techCenter, quarter }: CenterOrder,
  { data, embeddingModel, key }: Material,
  control: CenterControl,
): Promise<{ version: ModelVersion; gate: GateResult; metrics: Manifest['metrics'] }> {
  const { signal } = control;
  const fit = await fitOnThread(platform, data, control);
  const previous = await currentVersion(platform, techCenter, signal);
  control.onProgress?.({ stage: 'compare', done: 0, total: 1 });
  const comparison: Comparison | undefined =
    previous &&
    (await control.threads.run(
      compareTask,
      await comparisonInput(platform, previous, { techCenter, data, fit }, signal),
      signal,
    ));
  const { GATE_MAXIMUM_NOISE: maximumNoise, GATE_TOLERANCE: tolerance } = platform.settings;
  const checks = gateChecks(fit.quality, comparison, { maximumNoise, tolerance });

  control.onProgress?.({ stage: 'label', done: 0, total: 1 });
  const shown = [...fit.layout.rows, ...fit.clusters.flatMap((cluster) => cluster.representatives)];
  const ticketOf = await ticketTitles(platform, data, shown, signal);
  const labels = await labelClusters(fit, ticketOf, platform.languageModel, signal);
  const points = Array.from(fit.layout.rows, (row, index) => ({
    ...ticketOf(row),
    x: fit.layout.positions[2 * index]!,
    y: fit.layout.positions[2 * index + 1]!,
    cluster: fit.labels[row]!,
  }));

  control.onProgress?.({ stage: 'publish', done: 0, total: 1 });
  const version = await publishFit(
    platform,
    {
      techCenter,
      quarter,
      trainingKey: key,
      recipe: defaultRecipe(data.embeddings.n),
      fit,
      labels,
      layout: { points },
      checks,
      comparison,
      previous,
      dataWindow: { ...data.window, rows: data.embeddings.n },
      embeddingModel,
    },
    signal,
  );
  const { metrics } = await readManifest(platform, techCenterScope(techCenter), version, signal);
  return { version, gate: evaluateGate(checks), metrics };
}

async function fitOnThread(
  platform: Platform,
  data: TrainingData,
  { signal, threads, onProgress }: CenterControl,
): Promise<FitOutput> {
  const progressChannel = `train-${platform.newId()}`;
  const unwatch = onProgress && watchProgress(progressChannel, onProgress);
  try {
    return await threads.run(
      fitCenterTask,
      { embeddings: data.embeddings, texts: data.texts, seed: platform.settings.TRAIN_SEED, progressChannel },
      signal,
    );
  } finally {
    unwatch?.();
  }
}
