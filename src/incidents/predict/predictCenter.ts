import {
  isQuarterdeckError,
  toTimestamp,
  type ClusteringPrediction,
  type Embedder,
  type PipelineRun,
  type Position,
  type PreprocessedIncident,
  type Timestamp,
} from '../../contracts';
import { matrixFromRows } from '../../learn/matrix';
import type { Lease } from '../../platform/blobs/blobs';
import type { Platform } from '../../platform/platform';
import { withLimit } from '../../platform/stopping';
import { encodeSegment, type LoadedModel } from '../../registry';
import type { ClusteringModel } from '../model/clusteringModel';
import { currentModel } from '../model/currentModel';
import { incidentEmbedderByName } from '../preprocess/incidentEmbedder';
import { finishRun, startRun, type RunOutcome } from '../../platform/pipelineRun';
import { archiveName, encodePredictions } from './archive';
import { assignClusters } from './assignClusters';
import { deleteOpenRun, readOpenRun, writeOpenRun } from './openRun';

/**
 * Predicts every preprocessed row of a tech centre that the current model version has not seen.
 *
 * The version is resolved once and pinned for the run. Each page is durable before the next is read, and a row with
 * a prediction of the version is not read again, so a crash loses nothing and repeats nothing; what a crashed run
 * stored but did not archive is archived first by the next one.
 *
 * @returns the recorded run: `skipped` when another process is at it or no model can be resolved
 * @throws ABORTED when `signal` asks to stop; what is stored stays stored. Any other failure is in the run.
 */
export async function predictCenter(
  platform: Platform,
  { techCenter }: { techCenter: string },
  signal: AbortSignal,
): Promise<PipelineRun> {
  const run = startRun(platform, 'predict', techCenter);
  let lease: Lease;
  try {
    lease = await platform.blobs.acquireLease(`predict/${encodeSegment(techCenter)}`, { signal });
  } catch (error) {
    const held = isQuarterdeckError(error, 'LEASE_HELD');
    const detail = 'another run of this tech centre is under way';
    return finishRun(platform, run, held ? { skipped: true, detail } : { error }, signal);
  }
  const stop = withLimit(AbortSignal.any([signal, lease.lost]), platform.settings.PREDICT_DEADLINE_MS);
  const counts: Record<string, number> = {};
  let outcome: RunOutcome;
  try {
    outcome = await predict(
      platform,
      techCenter,
      { runId: run.runId, startedAt: run.startedAt, counts },
      stop,
    );
  } catch (error) {
    outcome = { error };
  }
  try {
    return await finishRun(platform, run, { ...outcome, counts }, signal);
  } finally {
    await lease.release();
  }
}

interface RunContext {
  readonly runId: string;
  readonly startedAt: Timestamp;
  readonly counts: Record<string, number>;
}

async function predict(
  platform: Platform,
  techCenter: string,
  context: RunContext,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const recovered = await archiveCrashedRun(platform, techCenter, signal);
  if (recovered > 0) context.counts['recovered'] = recovered;
  let model: LoadedModel<ClusteringModel>;
  try {
    model = await currentModel(platform, techCenter, signal);
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_MISSING')) throw error;
    return { skipped: true, detail: 'no model version can be used: train and promote one' };
  }
  const stored = await predictPages(platform, techCenter, model, context, signal);
  if (stored.length > 0) {
    const name = archiveName(techCenter, context.startedAt, context.runId);
    await platform.blobs.write(name, encodePredictions(stored), { signal });
    await deleteOpenRun(platform, techCenter, signal);
  }
  return model.fallback
    ? { detail: `used ${model.version} instead of ${model.fallback.wanted ?? 'an unreadable pointer'}` }
    : {};
}

async function predictPages(
  platform: Platform,
  techCenter: string,
  model: LoadedModel<ClusteringModel>,
  { runId, startedAt, counts }: RunContext,
  signal: AbortSignal,
): Promise<ClusteringPrediction[]> {
  const { PREDICT_PAGE_SIZE: limit, PREDICT_HISTORY: history } = platform.settings;
  const from = history === 'all' ? undefined : toTimestamp(model.manifest.dataWindow.from);
  const stored: ClusteringPrediction[] = [];
  let embedder: Embedder | undefined;
  let after: Position | undefined;
  counts['rows'] = 0;
  counts['noise'] = 0;
  for (;;) {
    const rows = await platform.warehouse.unpredicted(
      { techCenter, modelVersion: model.version, from, after, limit },
      signal,
    );
    if (rows.length === 0) return stored;
    if (stored.length === 0) {
      await writeOpenRun(platform, techCenter, { runId, startedAt, modelVersion: model.version }, signal);
    }
    const wanted = model.manifest.embeddingModel;
    if (wanted !== null && rows.some((row) => row.embeddingModel !== wanted)) {
      embedder ??= await incidentEmbedderByName(platform, wanted, signal);
    }
    const embeddings = await embeddingsOf(rows, embedder, signal);
    const assignments = await assignClusters(model.value, matrixFromRows(embeddings), {
      signal,
      threads: platform.threads,
    });
    const page = rows.map((row, index): ClusteringPrediction => {
      const { cluster, confidence, theme } = assignments[index]!;
      return {
        number: row.number,
        sysCreatedOn: row.sysCreatedOn,
        predictedCluster: cluster,
        clusterTopic: theme?.topic ?? '',
        domainName: theme?.domainName ?? '',
        confidenceScore: confidence,
        techCenter,
        modelVersion: model.version,
        predictedAt: startedAt,
      };
    });
    await platform.warehouse.mergePredictions(page, signal);
    for (const prediction of page) stored.push(prediction);
    counts['rows'] += page.length;
    counts['noise'] += page.filter((prediction) => prediction.predictedCluster < 0).length;
    const last = rows.at(-1)!;
    after = { sysCreatedOn: last.sysCreatedOn, number: last.number };
  }
}

/** Vectors of the model's own embedder: rows of another one are embedded again from their summary. */
async function embeddingsOf(
  rows: readonly PreprocessedIncident[],
  embedder: Embedder | undefined,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  if (!embedder) return rows.map((row) => row.embedding);
  const foreign = rows.filter((row) => row.embeddingModel !== embedder.model);
  const vectors = await embedder.embed(
    foreign.map((row) => row.combinedIncidentsSummary),
    { signal },
  );
  const byNumber = new Map(foreign.map((row, index) => [row.number, vectors[index]!]));
  return rows.map((row) => byNumber.get(row.number) ?? row.embedding);
}

/** @returns how many rows of a run that ended midway are in the archive now */
async function archiveCrashedRun(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<number> {
  const crashed = await readOpenRun(platform, techCenter, signal);
  if (!crashed) return 0;
  const rows: ClusteringPrediction[] = [];
  const limit = platform.settings.PREDICT_PAGE_SIZE;
  let after: Position | undefined;
  for (;;) {
    const page = await platform.warehouse.predictionsBetween(
      { techCenter, modelVersion: crashed.modelVersion, ...(after && { after }), limit },
      signal,
    );
    for (const row of page) if (row.predictedAt === crashed.startedAt) rows.push(row);
    if (page.length < limit) break;
    const last = page.at(-1)!;
    after = { sysCreatedOn: last.sysCreatedOn, number: last.number };
  }
  if (rows.length > 0) {
    const name = archiveName(techCenter, crashed.startedAt, crashed.runId);
    await platform.blobs.write(name, encodePredictions(rows), { signal });
  }
  await deleteOpenRun(platform, techCenter, signal);
  return rows.length;
}
