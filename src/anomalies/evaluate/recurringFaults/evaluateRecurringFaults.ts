import { seededRandom, type Random } from '../../../contracts';
import type { RunControl } from '../../../learn/run';
import { averagePrecision, bestF1, confusionAt, precisionRecallF1 } from '../../../learn/score';
import { calibrate } from '../../../learn/select';
import { generateServers, type GeneratedFault, type GeneratedFleet } from '../../demo';
import { marginsOf } from '../../model';
import { reviewVectors } from '../../review';
import {
  isolationBands,
  learnAnomalyModel,
  learningSet,
  takeRows,
  type LearnedModel,
  type LearningReport,
} from '../../train';
import { scriptedReview } from '../semiSupervised/scriptedReview';
import { fleetRows, type FleetRows } from './fleetRows';

/**
 * What a small share of reviewed rows gives where faults come back: learn from the first half of the generated
 * servers' time, judge on the second, at the threshold that was chosen while learning (docs/anomaly-evaluation.md).
 */
export interface ArmFigures {
  readonly reviewed: number;
  readonly reviewedAnomalies: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** With the threshold that suits the judged rows best: what the ranking would allow. */
  readonly bestF1: number;
  readonly aucPr: number;
  readonly threshold: number;
  /** Share of the anomalous rows that was found, by kind of fault. */
  readonly recallByKind: Readonly<Record<string, number>>;
  readonly learning: LearningReport;
}

export interface RecurringFaultsEvaluation {
  readonly seed: number;
  readonly servers: number;
  readonly weeks: number;
  readonly rows: { readonly train: number; readonly test: number };
  readonly anomalyShare: { readonly train: number; readonly test: number };
  readonly faults: { readonly train: number; readonly test: number };
  readonly reviewShare: number;
  /** Reviews picked by the isolation forest's bands, then by the model's doubt. */
  readonly reviewed: ArmFigures;
  /** The same learner with every label of the first half. */
  readonly supervised: ArmFigures;
  /** The same learner with rows picked at random, by number of reviews as a multiple of the above. */
  readonly random: readonly (ArmFigures & { readonly timesTheReviews: number })[];
  readonly shareOfSupervisedF1: number;
  /**
   * At least this share of reviews is saved against random picking for the same F1: from the least multiple of
   * reviews that reaches it, with the threshold that would suit it best, or the largest multiple tried when none does.
   */
  readonly reviewsSaved: number;
}

export interface RecurringFaultsOptions {
  readonly seed: number;
  readonly servers?: number;
  readonly weeks?: number;
  readonly faultsPerServerWeek?: number;
  /** Share of the rows to learn from that is reviewed. */
  readonly reviewShare?: number;
  /** Every so many minutes a row. */
  readonly everyMinutes?: number;
  /** Multiples of the reviews that are given to random picking. */
  readonly randomMultiples?: readonly number[];
  readonly model?: 'xgboost_anomaly' | 'catboost_anomaly';
  readonly folds?: number;
}

export const recurringFaultsDefaults = {
  servers: 40,
  weeks: 4,
  faultsPerServerWeek: 1.6,
  reviewShare: 0.008,
  everyMinutes: 5,
  randomMultiples: [1, 5],
  model: 'xgboost_anomaly',
  folds: 5,
} as const;

const firstRoundShare = 0.6;
/** A missed anomaly costs twice a false alarm. */
const costs = { falsePositiveCost: 1, falseNegativeCost: 2 };

export async function evaluateRecurringFaults(
  options: RecurringFaultsOptions,
  run?: RunControl,
): Promise<RecurringFaultsEvaluation> {
  const chosen = { ...recurringFaultsDefaults, ...options };
  const { seed, servers, weeks, faultsPerServerWeek, reviewShare, everyMinutes } = chosen;
  const random = seededRandom(seed);
  const fleet = generateServers({ seed, servers, weeks, faultsPerServerWeek });
  const all = await fleetRows(fleet, everyMinutes, run);
  const middle = fleet.servers[0]!.startMinute + Math.floor(fleet.servers[0]!.values.n / 2);
  const train = partOf(all, (minute) => minute < middle);
  const test = partOf(all, (minute) => minute >= middle);
  const { names } = all.featureSet;
  const confidence = await isolationBands(train.rows, names, train.instances, random.fork('bands'), run);
  const learn = async (verdicts: ArrayLike<number>, key: string): Promise<LearnedModel> => {
    const set = await learningSet(
      {
        rows: train.rows,
        features: names,
        instances: train.instances,
        minutes: train.minutes,
        verdicts,
        confidence,
      },
      random.fork(`${key} set`),
      run,
    );
    return learnAnomalyModel(
      set,
      { name: chosen.model, featureSetId: all.featureSet.id, costs, folds: chosen.folds },
      random.fork(`${key} model`),
      run,
    );
  };
  const judge = (model: LearnedModel, verdicts: ArrayLike<number>): ArmFigures => {
    const { parts, report } = model;
    const margins = marginsOf(parts, test.rows);
    const probabilities = calibrate(parts.calibration, margins);
    const { precision, recall, f1 } = precisionRecallF1(
      confusionAt(probabilities, test.labels, parts.threshold),
    );
    const given = Array.from(verdicts);
    return {
      reviewed: given.filter((verdict) => verdict >= 0).length,
      reviewedAnomalies: given.filter((verdict) => verdict === 1).length,
      precision,
      recall,
      f1,
      bestF1: bestF1(margins, test.labels).f1,
      aucPr: averagePrecision(margins, test.labels),
      threshold: parts.threshold,
      recallByKind: recallByKind(fleet.faults, test, probabilities, parts.threshold),
      learning: report,
    };
  };

  const vectors = reviewVectors(train.rows, names, train.instances);
  const budget = Math.floor(reviewShare * train.rows.n);
  const review = scriptedReview(train.instances, train.minutes, train.labels);
  let asked = await review.round(
    { confidence, vectors },
    { rows: Math.ceil(firstRoundShare * budget), minutesPerReview: 1 },
  );
  const first = await learn(await review.verdicts(), 'first');
  const probability = calibrate(first.parts.calibration, marginsOf(first.parts, train.rows));
  asked += await review.round(
    { confidence, probability, vectors },
    { rows: budget - asked, minutesPerReview: 1 },
  );
  const verdicts = await review.verdicts();
  const reviewed = judge(await learn(verdicts, 'second'), verdicts);
  const supervised = judge(await learn(train.labels, 'supervised'), train.labels);
  const arms: (ArmFigures & { timesTheReviews: number })[] = [];
  for (const timesTheReviews of chosen.randomMultiples) {
    const given = randomVerdicts(train, timesTheReviews * asked, random.fork(`random ${timesTheReviews}`));
    arms.push({ timesTheReviews, ...judge(await learn(given, `random ${timesTheReviews}`), given) });
  }
  const enough = arms
    .filter((arm) => arm.bestF1 >= reviewed.f1)
    .map(({ timesTheReviews }) => timesTheReviews);
  const most = Math.max(1, ...chosen.randomMultiples);
  return {
    seed,
    servers,
    weeks,
    rows: { train: train.rows.n, test: test.rows.n },
    anomalyShare: { train: shareOf(train.labels), test: shareOf(test.labels) },
    faults: {
      train: fleet.faults.filter(({ fromMinute }) => fromMinute < middle).length,
      test: fleet.faults.filter(({ fromMinute }) => fromMinute >= middle).length,
    },
    reviewShare: asked / train.rows.n,
    reviewed,
    supervised,
    random: arms,
    shareOfSupervisedF1: reviewed.f1 / supervised.f1,
    reviewsSaved: 1 - 1 / (enough.length > 0 ? Math.min(...enough) : most),
  };
}

function partOf(all: FleetRows, holds: (minute: number) => boolean): Omit<FleetRows, 'featureSet'> {
  const rows = Int32Array.from(all.minutes.keys()).filter((row) => holds(all.minutes[row]!));
  return {
    rows: takeRows(all.rows, rows),
    instances: Array.from(rows, (row) => all.instances[row]!),
    minutes: Float64Array.from(rows, (row) => all.minutes[row]!),
    labels: Uint8Array.from(rows, (row) => all.labels[row]!),
  };
}

function randomVerdicts({ labels }: Pick<FleetRows, 'labels'>, count: number, random: Random): Int8Array {
  const verdicts = new Int8Array(labels.length).fill(-1);
  for (let left = Math.min(count, labels.length); left > 0;) {
    const row = random.integer(labels.length);
    if (verdicts[row]! >= 0) continue;
    verdicts[row] = labels[row]!;
    left--;
  }
  return verdicts;
}

function recallByKind(
  faults: GeneratedFleet['faults'],
  { instances, minutes, labels }: Pick<FleetRows, 'instances' | 'minutes' | 'labels'>,
  probabilities: ArrayLike<number>,
  threshold: number,
): Record<string, number> {
  const faultsOf = new Map<string, GeneratedFault[]>();
  for (const fault of faults) {
    faultsOf.set(fault.instance, [...(faultsOf.get(fault.instance) ?? []), fault]);
  }
  const counts = new Map<string, { rows: number; found: number }>();
  labels.forEach((label, row) => {
    if (label !== 1) return;
    const minute = minutes[row]!;
    const fault = faultsOf
      .get(instances[row]!)!
      .find(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)!;
    const count = counts.get(fault.kind) ?? { rows: 0, found: 0 };
    count.rows++;
    if (probabilities[row]! >= threshold) count.found++;
    counts.set(fault.kind, count);
  });
  return Object.fromEntries([...counts].map(([kind, { rows, found }]) => [kind, found / rows]));
}

const shareOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0) / labels.length;
