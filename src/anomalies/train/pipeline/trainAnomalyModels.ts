import {
  seededRandom,
  shiftTimestamp,
  toTimestamp,
  type PipelineRun,
  type Random,
  type Timestamp,
} from '../../../contracts';
import type { Progress, RunControl } from '../../../learn/run';
import type { MistakeCosts } from '../../../learn/select';
import { finishRun, startRun } from '../../../platform/pipelineRun';
import type { Platform } from '../../../platform/platform';
import type { Aliases, GateCheck } from '../../../registry';
import { marginsOf, type AnomalyModelParts } from '../../model';
import { calibrate } from '../../../learn/select';
import { stateVectors } from '../../review/reviewVectors';
import { evidenceGapMinutes, gatherEvidence } from '../evidence';
import { isolationBands } from '../isolationBands';
import { isolationForestParts } from '../isolationForestModel';
import { learnAnomalyModel, type LearnedModel, type LearnOptions } from '../learnAnomalyModel';
import { learningSet, type LearningSet } from '../learningSet';
import { answeringModel, comparableModel } from './answeringModel';
import { assignAliases } from './assignAliases';
import { withThresholdFrom } from './chooseThreshold';
import { gateChecks } from './gateChecks';
import {
  compareWithChampion,
  figuresOf,
  knownRows,
  knownWhere,
  type HeldOutRows,
  type Judged,
} from './judgeHeldOut';
import { pickReviews, type ReviewRound } from './pickReviews';
import { publishModel, type PublishedModel } from './publishModel';
import { learnWithSearch } from './searchTrees';
import { readTrainingRows, splitByTime, type TrainingRows, type Window } from './trainingRows';

export interface TrainAnomaliesRequest {
  /** End of the window; now when left out. */
  readonly to?: Timestamp;
  readonly windowDays: number;
  /** Defaults only: no search for better parameters, fewer folds. */
  readonly fast?: boolean;
}

export interface AnomalyTraining {
  readonly run: PipelineRun;
  readonly window: Window;
  readonly rows: number;
  readonly instances: number;
  readonly quality: number;
  readonly verdicts: { readonly anomaly: number; readonly normal: number };
  readonly models: readonly PublishedModel[];
  readonly aliases: Aliases | undefined;
  readonly reviews: ReviewRound;
}

export interface TrainAnomaliesControl {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

const fastFolds = 3;
/** Half of the usual rounds: enough to see what a training gives. */
const fastParameters = { rounds: 100 };
const folds = 5;
/** Share of the held-out time in which the threshold is chosen. */
const lineShare = 0.4;
const supervised = ['xgboost_anomaly', 'catboost_anomaly'] as const;
const dayMs = 86_400_000;

/**
 * Trains the models of anomalies on a window of stored metrics: an isolation forest's bands over all rows, labels from
 * reviews and from the outer bands, both families of boosted trees over the unsupervised scores, judged on the last
 * part of the window, published, and promoted through the gate. Then picks the rows that people should judge next.
 * Without verdicts the isolation forest alone is published, and the review round is what the training is for.
 *
 * @throws DATA_EMPTY, DATA_QUALITY_LOW, WAREHOUSE_*, STORAGE_*, ABORTED; the run is recorded first
 */
export async function trainAnomalyModels(
  platform: Platform,
  request: TrainAnomaliesRequest,
  control: TrainAnomaliesControl,
): Promise<AnomalyTraining> {
  const { signal } = control;
  const run = startRun(platform, 'anomaly-train', 'all');
  try {
    const to = request.to ?? toTimestamp(platform.clock.now());
    const window = { from: shiftTimestamp(to, -request.windowDays * dayMs), to };
    const training = await train(platform, run.runId, window, request.fast === true, {
      signal,
      threads: platform.threads,
      ...(control.onProgress && { onProgress: control.onProgress }),
    });
    const refused = training.models.filter(({ promotion }) => promotion === 'refused').length;
    const counts = {
      read: training.rows,
      reviewed: training.verdicts.anomaly + training.verdicts.normal,
      published: training.models.length,
      refused,
      picked: training.reviews.picked,
    };
    const finished = await finishRun(platform, run, { counts }, signal);
    return { run: finished, ...training };
  } catch (error) {
    await finishRun(platform, run, { error, thrownOn: true }, signal);
    throw error;
  }
}

async function train(
  platform: Platform,
  runId: string,
  window: Window,
  fast: boolean,
  run: RunControl & { readonly signal: AbortSignal },
): Promise<Omit<AnomalyTraining, 'run'>> {
  const { settings } = platform;
  const { signal } = run;
  const random = seededRandom(settings.TRAIN_SEED).fork('anomalies');
  const answering = await answeringModel(platform, signal);
  const rows = await readTrainingRows(
    platform,
    window,
    { batchId: runId, earlier: answering?.featureSet },
    signal,
  );
  const { learn, heldOut } = splitByTime(
    rows,
    cutOf(rows, settings.ANOMALY_HELD_OUT_SHARE),
    evidenceGapMinutes,
  );
  const set = await learningSet(learn, random.fork('learning set'), run);
  const later = await heldOutRows(heldOut, random.fork('held out'), run);
  // The first part of the held-out time draws the line, the rest judges it.
  const drawn = later && knownWhere(later, 'before', lineShare);
  const judged = later && knownWhere(later, 'after', lineShare);
  const champion = answering && comparableModel(answering, rows.set);
  const costs = {
    falsePositiveCost: settings.ANOMALY_COST_FALSE_ALARM,
    falseNegativeCost: settings.ANOMALY_COST_MISSED,
  };
  const learned = (await learnBoth(platform, set, rows, { fast, costs }, random, run)).map((model) => ({
    ...model,
    parts: drawn
      ? withThresholdFrom(model.parts, drawn, costs, settings.ANOMALY_GATE_PRECISION)
      : model.parts,
  }));
  const published: PublishedModel[] = [];
  const lineage = { window, rows: rows.rows.n, seed: settings.TRAIN_SEED, set: rows.set };
  for (const { parts, report } of learned) {
    const model = judgedModel(parts);
    const comparison =
      champion && champion !== 'not comparable'
        ? judged && compareWithChampion(model, champion, judged, random.fork('champion'))
        : champion;
    const figures = judged && figuresOf(model, judged);
    const limits = { f1: settings.ANOMALY_GATE_F1, precision: settings.ANOMALY_GATE_PRECISION };
    const parameters = { verdicts: report.verdicts, treesWeight: report.treesWeight };
    published.push(
      await publishModel(
        platform,
        parts,
        figures,
        gateChecks(figures, limits, comparison),
        { ...lineage, parameters, report },
        signal,
      ),
    );
  }
  const forest = isolationForestParts(set.stack, rows.set.id);
  published.push(
    await publishModel(
      platform,
      forest,
      judged && figuresOf(judgedModel(forest), judged),
      [learnedFromRows(set)],
      { ...lineage, parameters: {}, report: null },
      signal,
    ),
  );
  const aliases = await assignAliases(platform, published, signal);
  const best = learned.find(({ parts }) => parts.trees !== undefined);
  const confidence = await isolationBands(
    rows.rows,
    rows.features,
    rows.instances,
    random.fork('all bands'),
    run,
  );
  const reviews = await pickReviews(
    platform,
    runId,
    {
      rows,
      confidence,
      probability: best && judgedModel(best.parts).score(rows.rows).probabilities,
      vectors: set.stack.score(rows.rows),
    },
    signal,
  );
  return {
    window,
    rows: rows.rows.n,
    instances: new Set(rows.instances).size,
    quality: rows.quality.score,
    verdicts: countVerdicts(rows),
    models: published,
    aliases,
    reviews,
  };
}

function cutOf({ minutes }: TrainingRows, heldOutShare: number): number {
  let first = Infinity;
  let last = -Infinity;
  for (const minute of minutes) {
    first = Math.min(first, minute);
    last = Math.max(last, minute);
  }
  return Math.floor(last + 1 - (last + 1 - first) * heldOutShare);
}

async function learnBoth(
  platform: Platform,
  set: LearningSet,
  rows: TrainingRows,
  { fast, costs }: { readonly fast: boolean; readonly costs: MistakeCosts },
  random: Random,
  run: RunControl,
): Promise<LearnedModel[]> {
  const verdicts = countVerdicts(set);
  if (verdicts.anomaly === 0 || verdicts.normal === 0) return [];
  const learned: LearnedModel[] = [];
  for (const name of supervised) {
    const options: LearnOptions = {
      name,
      featureSetId: rows.set.id,
      costs,
      ...(fast ? { folds: fastFolds, parameters: fastParameters } : { folds }),
    };
    const own = random.fork(name);
    learned.push(
      fast
        ? await learnAnomalyModel(set, options, own, run)
        : await learnWithSearch(platform, set, options, own, run),
    );
  }
  return learned;
}

/** Undefined where the held-out time is too short for a forest of its own. */
async function heldOutRows(
  heldOut: TrainingRows,
  random: Random,
  run: RunControl,
): Promise<HeldOutRows | undefined> {
  if (heldOut.rows.n === 0) return undefined;
  const confidence = await isolationBands(heldOut.rows, heldOut.features, heldOut.instances, random, run);
  const states = stateVectors(heldOut.rows, heldOut.features, heldOut.instances);
  return knownRows(heldOut, gatherEvidence({ ...heldOut, confidence, states }));
}

function learnedFromRows(set: LearningSet): GateCheck {
  const { n } = set.rows;
  return { name: 'rows', value: n, limit: 0, passed: n > 0, reason: `${n} rows learned from` };
}

function judgedModel(parts: AnomalyModelParts): Judged {
  return {
    threshold: parts.threshold,
    score: (rows) => ({
      probabilities: Float32Array.from(calibrate(parts.calibration, marginsOf(parts, rows))),
    }),
  };
}

function countVerdicts({ verdicts }: { readonly verdicts: ArrayLike<number> }): {
  anomaly: number;
  normal: number;
} {
  let anomaly = 0;
  let normal = 0;
  for (let row = 0; row < verdicts.length; row++) {
    if (verdicts[row] === 1) anomaly++;
    else if (verdicts[row] === 0) normal++;
  }
  return { anomaly, normal };
}
