import {
  codeVersion,
  isQuarterdeckError,
  pipelines,
  workQueues,
  quarterBounds,
  quarterOf,
  quarterSchema,
  shiftTimestamp,
  toTimestamp,
  type Manifest,
  type ModelVersion,
  type Pipeline,
  type PipelineRun,
  type PipelineStatus,
  type Pointer,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { readPointer, techCenterScope } from '../../registry';
import { currentAnalysis } from '../model/currentModel';

type CenterStatus = PipelineStatus['centers'][number];

/** Newest runs of each pipeline: enough for the last of every centre with hundreds of centres. */
const runsRead = 1_000;
const dayMs = 86_400_000;

/** Everything an operator asks first: what ran, what failed, which version serves, what is due. */
export async function pipelineStatus(platform: Platform, signal: AbortSignal): Promise<PipelineStatus> {
  const { warehouse, clock } = platform;
  const now = toTimestamp(clock.now());
  const runs = new Map<Pipeline, PipelineRun[]>();
  for (const pipeline of pipelines)
    runs.set(pipeline, await warehouse.runs({ pipeline, limit: runsRead }, signal));
  const counts = await warehouse.centerCounts(signal);
  const centers: CenterStatus[] = [];
  const dueTimes: Timestamp[] = [];
  for (const count of counts) {
    const model = await modelStatus(platform, count.techCenter, signal);
    centers.push(await centerStatus(platform, count, model, runs, now, signal));
    if (model.modelVersion !== null && model.trainedAt !== undefined) {
      dueTimes.push(nextDue(model.modelVersion, model.trainedAt));
    }
  }
  const nextTrainingDue = dueTimes.sort()[0] ?? null;
  return {
    at: now,
    codeVersion,
    pipelines: pipelines.map((pipeline) => ofPipeline(pipeline, runs.get(pipeline)!)),
    centers,
    nextTrainingDue,
    trainingOverdue: centers.some(({ trainingOverdue }) => trainingOverdue),
    quarantined: await warehouse.countQuarantined({}, signal),
    queues: await queueDepths(platform, signal),
  };
}

function ofPipeline(pipeline: Pipeline, runs: readonly PipelineRun[]): PipelineStatus['pipelines'][number] {
  const newest = newestByScope(runs);
  return {
    pipeline,
    lastRun: runs[0] ?? null,
    lastSuccessAt: runs.find(({ status }) => status === 'ok')?.finishedAt ?? null,
    failingScopes: [...newest.values()].filter(({ status }) => status === 'failed').map(({ scope }) => scope),
  };
}

/** @param runs newest first */
function newestByScope(runs: readonly PipelineRun[]): Map<string, PipelineRun> {
  const newest = new Map<string, PipelineRun>();
  for (const run of runs) if (!newest.has(run.scope)) newest.set(run.scope, run);
  return newest;
}

async function centerStatus(
  platform: Platform,
  count: { techCenter: string; incidents: number; preprocessed: number; predicted: number },
  model: ModelStatus,
  runs: ReadonlyMap<Pipeline, readonly PipelineRun[]>,
  now: Timestamp,
  signal: AbortSignal,
): Promise<CenterStatus> {
  const { techCenter } = count;
  const lastOf = (pipeline: Pipeline): PipelineRun | null =>
    runs.get(pipeline)!.find(({ scope }) => scope === techCenter) ?? null;
  const lastRuns = { preprocess: lastOf('preprocess'), train: lastOf('train'), predict: lastOf('predict') };
  const watermark = await platform.warehouse.watermark(techCenter, signal);
  const failing = Object.values(lastRuns).some((run) => run?.status === 'failed');
  const { trainedAt, ...served } = model;
  const { TRAIN_OVERDUE_DAYS: overdueDays, TRAIN_MINIMUM_ROWS: minimumRows } = platform.settings;
  const overdue =
    trainedAt === undefined
      ? count.preprocessed >= minimumRows
      : now > shiftTimestamp(trainedAt, overdueDays * dayMs);
  return {
    ...count,
    ...served,
    state: model.fallback
      ? 'fallback'
      : failing
        ? 'failing'
        : model.modelVersion === null
          ? 'untrained'
          : overdue
            ? 'overdue'
            : 'ready',
    trainingOverdue: overdue,
    watermark: watermark?.lastProcessedTimestamp ?? null,
    lastRuns,
  };
}

interface ModelStatus extends Pick<
  CenterStatus,
  'modelVersion' | 'promotedAt' | 'clusters' | 'noiseShare' | 'fallback'
> {
  readonly trainedAt: Manifest['createdAt'] | undefined;
}

async function modelStatus(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<ModelStatus> {
  try {
    const { version, manifest, value, fallback } = await currentAnalysis(platform, techCenter, signal);
    const pointer = fallback ? undefined : await pointerOf(platform, techCenter, signal);
    return {
      modelVersion: version,
      trainedAt: manifest.createdAt,
      promotedAt: pointer?.promotedAt ?? null,
      clusters: value.labeled.clusters.length,
      noiseShare: manifest.metrics['noiseShare'] ?? null,
      fallback: fallback
        ? { wanted: fallback.wanted ?? 'unknown', used: version, reason: fallback.reason }
        : null,
    };
  } catch (error) {
    // A name that no blob can have: its runs fail with that code, and the other centres have a status all the same.
    const unusable = isQuarterdeckError(error, 'INPUT_INVALID');
    if (!unusable && !isQuarterdeckError(error, 'MODEL_MISSING')) throw error;
    const pointer = unusable ? undefined : await pointerOf(platform, techCenter, signal);
    return {
      modelVersion: null,
      trainedAt: undefined,
      promotedAt: null,
      clusters: null,
      noiseShare: null,
      // Something was promoted once: then it is not untrained but broken.
      fallback: pointer ? { wanted: pointer.version, used: null, reason: error.message } : null,
    };
  }
}

async function pointerOf(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<Pointer | undefined> {
  try {
    return (await readPointer(platform, techCenterScope(techCenter), signal))?.pointer;
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_CORRUPT')) return undefined;
    throw error;
  }
}

/** A quarter is trained when it is over: the version's own, if it was trained before that, else the one after. */
function nextDue(version: ModelVersion, trainedAt: Timestamp): Timestamp {
  const [year, quarter] = version.split('/');
  const trained = quarterBounds(quarterSchema.parse({ year: Number(year), quarter }));
  if (trainedAt < trained.to) return trained.to;
  return quarterBounds(quarterOf(trained.to)).to;
}

async function queueDepths(platform: Platform, signal: AbortSignal): Promise<PipelineStatus['queues']> {
  const depths: PipelineStatus['queues'] = [];
  for (const queue of workQueues) {
    const waiting = await platform.queues.count(queue, signal);
    const poison = await platform.queues.count(`${queue}-poison`, signal);
    depths.push({ queue, waiting, poison });
  }
  return depths;
}
