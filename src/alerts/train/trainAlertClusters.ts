import { isQuarterdeckError, type ModelVersion, type Timestamp } from '../../contracts';
import type { Progress, RunControl } from '../../learn/run';
import type { Lease } from '../../platform/blobs/blobs';
import { finishRun, startRun, type RunOutcome } from '../../platform/pipelineRun';
import type { Platform } from '../../platform/platform';
import { evaluateGate, storedGate, type GateCheck } from '../../registry';
import { alertClusterScope, currentAlertModel } from '../model';
import { readAlertHistory, type AlertHistory } from './alertHistory';
import type { ModelComparison } from './compareModels';
import type { LearningOptions } from './learnAlertModel';
import { promoteThroughGate, type PromotionOutcome } from './promoteAlertModel';
import { findPublishedModel, publishAlertModel } from './publishAlertModel';
import { retrainAlertModel } from './retrainAlertModel';
import { trainingKey } from './trainingKey';

export interface AlertTrainingRequest {
  /** Alerts that started before; the whole history when left out. */
  readonly to?: Timestamp;
  /** Settings in the place of the environment's, as the command line gives them. */
  readonly settings?: Partial<LearningOptions>;
}

export interface AlertTrainingControl {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface AlertTrainingReport {
  readonly runId: string;
  /**
   * `promoted`: the new version is current. `candidate`: it is kept, and `detail` says why it was not promoted.
   * `skipped`: there was nothing to learn. `elsewhere`: another process trains right now. `failed`: see `code`.
   */
  readonly status: 'promoted' | 'candidate' | 'skipped' | 'elsewhere' | 'failed';
  readonly version: ModelVersion | null;
  /** An earlier attempt had published the version already. */
  readonly resumed: boolean;
  /** Alerts of the history that took part. */
  readonly alerts: number;
  readonly history: AlertHistory['counts'] | null;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly comparison: ModelComparison | null;
  readonly checks: readonly GateCheck[];
  readonly code: string | null;
  readonly detail: string | null;
}

/** Starting threads takes longer than learning from fewer alerts. */
const fewestForThreads = 20_000;
/** One model, one trainer at a time. */
const leaseName = 'train/alerts/clusters';

/**
 * Learns the kinds of alerts from all history, publishes the next version and promotes it when it is better than the
 * current one (see `gateChecks`). A process that dies leaves a state from which the next run goes on: until its manifest
 * is written no version exists, and a version of the same history and settings is found by its key and only promoted.
 * The run is recorded; failures are reported and not thrown.
 *
 * @throws ABORTED when asked to stop; WAREHOUSE_* when the run cannot be recorded
 */
export async function trainAlertClusters(
  platform: Platform,
  request: AlertTrainingRequest,
  control: AlertTrainingControl,
): Promise<AlertTrainingReport> {
  const { signal } = control;
  const run = startRun(platform, 'alert-train', 'clusters');
  let lease: Lease;
  try {
    lease = await platform.blobs.acquireLease(leaseName, { signal });
  } catch (error) {
    if (isQuarterdeckError(error, 'LEASE_HELD')) {
      return { ...nothing(run.runId, 'elsewhere'), detail: 'another process trains' };
    }
    const { errorCode, detail } = await finishRun(platform, run, { error }, signal);
    return { ...nothing(run.runId, 'failed'), code: errorCode, detail };
  }
  try {
    const guarded = { ...control, signal: AbortSignal.any([signal, lease.lost]) };
    let report: AlertTrainingReport;
    try {
      report = await trainLeased(platform, run.runId, request, guarded);
    } catch (error) {
      const { errorCode, detail } = await finishRun(platform, run, { error }, signal);
      return { ...nothing(run.runId, 'failed'), code: errorCode, detail };
    }
    await finishRun(platform, run, outcomeOf(report), signal);
    return report;
  } finally {
    await lease.release();
  }
}

async function trainLeased(
  platform: Platform,
  runId: string,
  request: AlertTrainingRequest,
  { signal, onProgress }: AlertTrainingControl,
): Promise<AlertTrainingReport> {
  const step = (stage: string): void => onProgress?.({ stage, done: 0, total: 1 });
  step('read');
  const history = await readAlertHistory(
    platform,
    request.to === undefined ? {} : { before: request.to },
    signal,
  );
  const options = { ...settingsOf(platform), ...request.settings };
  const about = { alerts: history.rows.length, history: history.counts };
  const key = trainingKey(history.digest, options);
  const found = await findPublishedModel(platform, key, signal);
  if (found) {
    const { entry, manifest } = found;
    const gate = storedGate(manifest);
    const outcome: PromotionOutcome = entry.withdrawn
      ? { state: 'candidate', detail: 'it was rolled back; promote it by name to undo that' }
      : await promoteThroughGate(platform, entry.version, gate, signal);
    return {
      ...told(nothing(runId, 'candidate'), outcome),
      ...about,
      version: entry.version,
      resumed: true,
      metrics: manifest.metrics,
      checks: gate.checks,
    };
  }

  step('compare');
  const current = await currentAlertModel(platform, signal, history.featureNames);
  step('learn');
  const learning: RunControl = {
    signal,
    ...(history.rows.length >= fewestForThreads && { threads: platform.threads }),
    ...(onProgress && { onProgress }),
  };
  const retrained = await retrainAlertModel(history.rows, history.featureNames, current, options, learning);
  if ('status' in retrained) {
    const { code, reason } = retrained;
    return { ...nothing(runId, 'skipped'), ...about, code, detail: reason };
  }
  step('publish');
  const comparedWith = retrained.comparison && current ? current.version : null;
  const version = await publishAlertModel(
    platform,
    { key, history, options, retrained, comparedWith },
    signal,
  );
  const { learned, comparison, checks } = retrained;
  step('promote');
  const outcome = await promoteThroughGate(platform, version, evaluateGate(checks), signal);
  platform.telemetry.log('info', 'the model of alerts was trained', {
    scope: alertClusterScope,
    version,
    state: outcome.state,
  });
  return {
    ...told(nothing(runId, 'candidate'), outcome),
    ...about,
    version,
    metrics: {
      clusters: learned.fit.clusters,
      silhouette: learned.fit.silhouette,
      noiseShare: learned.fit.noiseShare,
    },
    comparison: comparison ?? null,
    checks,
  };
}

function settingsOf({ settings }: Platform): LearningOptions {
  return {
    seed: settings.TRAIN_SEED,
    minimumSamples: settings.MIN_CLUSTERING_SAMPLES,
    contamination: settings.OUTLIER_CONTAMINATION,
    varianceThreshold: settings.PCA_VARIANCE_THRESHOLD,
  };
}

function told(report: AlertTrainingReport, outcome: PromotionOutcome): AlertTrainingReport {
  if (outcome.state === 'promoted') return { ...report, status: 'promoted' };
  return { ...report, status: 'candidate', detail: outcome.detail };
}

function nothing(runId: string, status: AlertTrainingReport['status']): AlertTrainingReport {
  return {
    runId,
    status,
    version: null,
    resumed: false,
    alerts: 0,
    history: null,
    metrics: {},
    comparison: null,
    checks: [],
    code: null,
    detail: null,
  };
}

function outcomeOf({
  status,
  version,
  alerts,
  history,
  metrics,
  detail,
  code,
}: AlertTrainingReport): RunOutcome {
  const { clusters } = metrics;
  const counts = {
    alerts,
    damagedFiles: history?.damagedFiles ?? 0,
    otherFeatures: history?.otherFeatures ?? 0,
    ...(typeof clusters === 'number' && { clusters }),
  };
  const said = [version, detail].filter(Boolean).join(': ');
  if (status === 'skipped') return { counts, skipped: true, detail: `${code}: ${detail}` };
  // A candidate that is not better is what a training is allowed to come to.
  return { counts, detail: status === 'candidate' ? `kept as a candidate, ${said}` : said };
}
