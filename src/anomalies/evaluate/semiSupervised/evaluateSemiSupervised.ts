import { QuarterdeckError, seededRandom, type Random } from '../../../contracts';
import { detectorByName, type FittedAuto, type FittedDetector } from '../../../learn/outlier';
import { matrix, type Matrix } from '../../../learn/matrix';
import { checkAborted, type RunControl } from '../../../learn/run';
import { averagePrecision } from '../../../learn/score';
import { fitGradientBoosting } from '../../../learn/trees';
import { computeFeatures, featureSetFor } from '../../features';
import { givenScoreEnding, marginsOf } from '../../model';
import { reviewVectors, stateVectors } from '../../review';
import {
  gatherEvidence,
  isolationBands,
  learnAnomalyModel,
  learningSet,
  rowsTakenForNormal,
  takeRows,
  type LearningReport,
} from '../../train';
import { readLabelledSeries, type LabelledSeries } from '../detectors/labelledSeries';
import { findMachines } from '../detectors/machineFiles';
import { scriptedReview } from './scriptedReview';

/**
 * What reviews of a hundredth of the rows are worth, by one fixed protocol (docs/anomaly-evaluation.md): learn from the
 * unlabelled training part and the first half of the test part, of which a scripted reviewer answers for at most 1 %
 * at the review queue; rank the rows of the second half. Nothing is set by machine, and no score is adjusted.
 */
export interface SemiSupervisedFigures {
  readonly rows: { readonly train: number; readonly first: number; readonly second: number };
  readonly reviewed: number;
  readonly reviewedAnomalies: number;
  /** Rows of the first half between −0.6 and 0: what would have to be reviewed without sampling. */
  readonly lowConfidenceRows: number;
  /** Share of the first half's anomalous events of which a row was reviewed, or would have been among all of those. */
  readonly eventsReviewed: number | null;
  readonly eventsAmongLowConfidence: number | null;
  /** What `auto` took, or the detector that was asked for. */
  readonly detector: readonly string[];
  /** AUC-PR on the second half. */
  readonly champion: number;
  readonly unsupervised: number;
  /** Boosted trees with every label of the first half, and with the reviewed rows alone; the share of anomalies where one class is missing. */
  readonly boostingAllLabels: number;
  readonly boostingReviewedRows: number;
  readonly learning: LearningReport;
}

export interface SemiSupervisedEvaluation {
  readonly seed: number;
  readonly machines: Readonly<Record<string, SemiSupervisedFigures>>;
  readonly skipped: readonly { readonly machine: string; readonly reason: string }[];
  readonly mean: {
    readonly champion: number;
    readonly unsupervised: number;
    readonly boostingAllLabels: number;
    readonly boostingReviewedRows: number;
  };
  /** Largest amount by which the champion stays below the unsupervised choice on any machine; 0 when nowhere. */
  readonly largestLoss: number;
  /** Share of the labelling saved against reviewing every low-confidence row. */
  readonly labellingSaved: number;
}

export interface SemiSupervisedOptions {
  readonly seed: number;
  /** The unsupervised detector; `auto` when left out. */
  readonly detector?: string;
  /** Machines to take; all when left out. */
  readonly machines?: readonly string[];
}

const reviewShare = 0.01;
/** Share of the reviews that are asked for before there is a model to be unsure. */
const firstRoundShare = 0.6;
const minutesPerReview = 1;

/** @throws NOT_FOUND when no machine can be judged; ABORTED. */
export async function evaluateSemiSupervised(
  folder: string,
  options: SemiSupervisedOptions,
  run?: RunControl,
): Promise<SemiSupervisedEvaluation> {
  const found = await findMachines(folder);
  const wanted = options.machines ? found.filter(({ name }) => options.machines!.includes(name)) : found;
  const machines: Record<string, SemiSupervisedFigures> = {};
  const skipped: { machine: string; reason: string }[] = [];
  for (const [index, machine] of wanted.entries()) {
    checkAborted(run);
    run?.onProgress?.({ stage: machine.name, done: index, total: wanted.length });
    const series = await readLabelledSeries(machine, run?.signal);
    const half = series.test.n >> 1;
    if (!series.labels.subarray(half).includes(1)) {
      skipped.push({ machine: machine.name, reason: 'the second half has no anomaly to be found' });
      continue;
    }
    machines[machine.name] = await judgeMachine(
      series,
      options,
      run && { ...run, onProgress: () => undefined },
    );
  }
  const figures = Object.values(machines);
  if (figures.length === 0) {
    throw new QuarterdeckError('NOT_FOUND', `no machine of ${folder} can be judged`, { culprit: { folder } });
  }
  const mean = (of: (one: SemiSupervisedFigures) => number): number =>
    figures.reduce((sum, one) => sum + of(one), 0) / figures.length;
  const reviewed = mean((one) => one.reviewed);
  const low = mean((one) => one.lowConfidenceRows);
  return {
    seed: options.seed,
    machines,
    skipped,
    mean: {
      champion: mean((one) => one.champion),
      unsupervised: mean((one) => one.unsupervised),
      boostingAllLabels: mean((one) => one.boostingAllLabels),
      boostingReviewedRows: mean((one) => one.boostingReviewedRows),
    },
    largestLoss: Math.max(0, ...figures.map((one) => one.unsupervised - one.champion)),
    labellingSaved: low > 0 ? 1 - reviewed / low : 0,
  };
}

async function judgeMachine(
  { train, test, labels }: LabelledSeries,
  { seed, detector = 'auto' }: SemiSupervisedOptions,
  run: RunControl | undefined,
): Promise<SemiSupervisedFigures> {
  const random = seededRandom(seed);
  const half = test.n >> 1;
  const known = train.n + half;
  const all = stacked(train, test);
  const second = labels.subarray(half);
  const fitted = await detectorByName(detector).fit(train, {}, random.fork('detector'), run);
  const unsupervised = fitted.score(all, run).subarray(known);

  const set = featureSetFor(
    Array.from({ length: train.d }, (_, column) => ({ name: `m${column + 1}`, kind: 'gauge' })),
  );
  const features = computeFeatures(set, { startMinute: 0, values: all });
  const instances = Array.from({ length: known }, () => 'machine');
  const minutes = Float64Array.from({ length: known }, (_, row) => row);
  const truth = new Uint8Array(known);
  truth.set(labels.subarray(0, half), train.n);
  const eligible = new Uint8Array(known).fill(1, train.n);
  const knownFeatures = firstRows(features, known);
  const confidence = await isolationBands(knownFeatures, set.names, instances, random.fork('bands'), run);

  const vectors = reviewVectors(knownFeatures, set.names, instances);
  const states = stateVectors(knownFeatures, set.names, instances);
  const budget = Math.floor(reviewShare * half);
  const review = scriptedReview(instances, minutes, truth);
  const firstRound = Math.ceil(firstRoundShare * budget);
  let reviewed = await review.round(
    { confidence, eligible, vectors },
    { rows: firstRound, minutesPerReview },
  );
  const learn = async (
    key: string,
  ): Promise<{
    champion: Float64Array;
    report: LearningReport;
    probability: Float64Array;
  }> => {
    const verdicts = await review.verdicts();
    const evidence = gatherEvidence({ instances, minutes, confidence, verdicts, states });
    const normal = rowsTakenForNormal(evidence, confidence);
    const given = await scoresAgain(
      detector,
      fitted,
      takeRows(firstRows(all, known), normal),
      all,
      random.fork(`${key} detector`),
      run,
    );
    const names = [...set.names, `detector${givenScoreEnding}`];
    const rows = withColumn(features, given);
    const learning = await learningSet(
      { rows: firstRows(rows, known), features: names, instances, minutes, verdicts, confidence },
      random.fork(key),
      run,
    );
    const { parts, report } = await learnAnomalyModel(
      learning,
      {
        name: 'xgboost_anomaly',
        featureSetId: set.id,
        costs: { falsePositiveCost: 1, falseNegativeCost: 1 },
      },
      random.fork(`${key} model`),
      run,
    );
    const margins = marginsOf(parts, rows);
    return {
      champion: margins.subarray(known),
      report,
      probability: margins.subarray(0, known).map((margin) => 1 / (1 + Math.exp(-margin))),
    };
  };
  const before = await learn('first round');
  reviewed += await review.round(
    { confidence, eligible, probability: before.probability, vectors },
    { rows: budget - reviewed, minutesPerReview },
  );
  const { champion, report } = await learn('second round');

  const verdicts = await review.verdicts();
  const asked = Int32Array.from(minutes.keys()).filter((row) => verdicts[row]! >= 0);
  const low = Int32Array.from(minutes.keys()).filter(
    (row) => eligible[row] === 1 && confidence[row]! >= -0.6 && confidence[row]! < 0,
  );
  const secondFeatures = lastRows(features, known);
  const plain = async (rows: Int32Array): Promise<number> => {
    const own = Uint8Array.from(rows, (row) => truth[row]!);
    if (!own.includes(1) || !own.includes(0))
      return second.reduce((sum, label) => sum + label, 0) / second.length;
    const model = await fitGradientBoosting(takeRows(features, rows), own, {}, random.fork('plain'), run);
    return averagePrecision(model.predictMargins(secondFeatures), second);
  };
  return {
    rows: { train: train.n, first: half, second: test.n - half },
    reviewed,
    reviewedAnomalies: asked.reduce((sum, row) => sum + verdicts[row]!, 0),
    lowConfidenceRows: low.length,
    eventsReviewed: eventsTouched(truth, asked),
    eventsAmongLowConfidence: eventsTouched(truth, low),
    detector: namesOf(detector, fitted),
    champion: averagePrecision(champion, second),
    unsupervised: averagePrecision(unsupervised, second),
    boostingAllLabels: await plain(Int32Array.from({ length: half }, (_, row) => train.n + row)),
    boostingReviewedRows: await plain(asked),
    learning: report,
  };
}

/**
 * Scores of all rows by the same detectors fitted on other rows; what `auto` chose is not chosen again. Several are
 * averaged in units of their spread among the rows that they were fitted on, as `auto` does.
 */
async function scoresAgain(
  name: string,
  fitted: FittedDetector,
  rows: Matrix,
  all: Matrix,
  random: Random,
  run: RunControl | undefined,
): Promise<Float64Array> {
  const members = namesOf(name, fitted);
  const sums = new Float64Array(all.n);
  for (const member of members) {
    const smoothed = /^smoothed (.+)$/.exec(member)?.[1];
    const again =
      smoothed === undefined
        ? await detectorByName(member).fit(rows, {}, random.fork(member), run)
        : await detectorByName('smoothed').fit(rows, { detector: smoothed }, random.fork(member), run);
    const own = again.score(rows, run);
    const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
    const spread = Math.sqrt(own.reduce((sum, score) => sum + (score - mean) ** 2, 0) / own.length) || 1;
    again.score(all, run).forEach((score, row) => (sums[row]! += (score - mean) / spread / members.length));
  }
  return sums;
}

function namesOf(name: string, fitted: FittedDetector): string[] {
  const choice = (fitted as Partial<FittedAuto>).choice;
  return choice ? [...new Set([choice.chosen, choice.anchor ?? choice.chosen])] : [name];
}

/** Share of the runs of anomalous rows of which some row is among `rows`; null when there are none. */
function eventsTouched(truth: Uint8Array, rows: Int32Array): number | null {
  const asked = new Set(rows);
  let events = 0;
  let touched = 0;
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] !== 1 || truth[row - 1] === 1) continue;
    events++;
    for (let at = row; truth[at] === 1; at++) {
      if (!asked.has(at)) continue;
      touched++;
      break;
    }
  }
  return events === 0 ? null : touched / events;
}

function stacked(one: Matrix, other: Matrix): Matrix {
  const values = new Float32Array(one.values.length + other.values.length);
  values.set(one.values);
  values.set(other.values, one.values.length);
  return matrix(values, one.n + other.n, one.d);
}

const firstRows = ({ values, d }: Matrix, n: number): Matrix => ({ values: values.subarray(0, n * d), n, d });
const lastRows = ({ values, n, d }: Matrix, from: number): Matrix => ({
  values: values.subarray(from * d),
  n: n - from,
  d,
});

function withColumn({ values, n, d }: Matrix, column: ArrayLike<number>): Matrix {
  const wider = new Float32Array(n * (d + 1));
  for (let row = 0; row < n; row++) {
    wider.set(values.subarray(row * d, (row + 1) * d), row * (d + 1));
    wider[row * (d + 1) + d] = column[row]!;
  }
  return { values: wider, n, d: d + 1 };
}
