import { QuarterdeckError, seededRandom, type Random } from '../../../contracts';
import { matrixFromRows, rowOf, type Matrix } from '../../../learn/matrix';
import { fitIsolationForest } from '../../../learn/outlier';
import { checkAborted, type RunControl } from '../../../learn/run';
import { averagePrecision, bestF1, confusionAt, precisionRecallF1, rocAuc } from '../../../learn/score';
import { fitGradientBoosting } from '../../../learn/trees';
import { anomalousShare, reviewGroups, type ReviewedGroup } from './reviewGroups';
import { countKey, learnSessionFeatures } from './sessionFeatures';
import type { LabelledSession } from './sessionFiles';

/** Test sessions judged by a model that saw no more labels than were reviewed. */
export interface SessionFigures {
  readonly seed: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly aucPr: number;
  readonly rocAuc: number;
  /** Labels of training sessions that were seen, and how many of them were anomalies. */
  readonly reviewed: number;
  readonly reviewedAnomalies: number;
  /** Average precision of the isolation forest, with no label at all. */
  readonly unsupervisedAucPr: number;
}

export interface SessionEvaluation extends SessionFigures {
  /** Share of the training sessions that may be reviewed. */
  readonly budget: number;
  readonly threshold: number;
  readonly trainingSessions: number;
  readonly testSessions: number;
  readonly testAnomalies: number;
  /** Kinds of training sessions, by how often each template is in them. */
  readonly groups: number;
  /** Highest F1 on the test sessions of any verdict by those counts, even one that knew their labels. */
  readonly highestF1ByCounts: number;
  /** The same with other seeds; the first is the one above. */
  readonly seeds: readonly SessionFigures[];
  readonly meanF1: number;
  readonly lowestF1: number;
}

export interface SessionEvaluationOptions {
  readonly seed: number;
  readonly budget: number;
  /** How many seeds, from `seed` on. */
  readonly seeds: number;
}

/** More likely an anomaly than not: fixed beforehand, for there are no labels to choose by. */
const threshold = 0.5;

/**
 * Sessions of a group share one verdict, so that sampling rows would only lose the rare groups and a leaf may be as
 * small as one session. A new kind of session shares few columns with any reviewed one: trees that see half of the
 * columns spread a verdict over all that tell it.
 */
const boosting = { subsample: 1, columnsByTree: 0.5, minChildWeight: 0.2, regLambda: 0.1 };

/**
 * Learns to tell sessions that went wrong from training sessions whose labels are hidden but for a budget of reviews,
 * and judges the test sessions. The protocol is written down in docs/anomaly-evaluation.md.
 * @throws PARAMETER_INVALID, DATA_TOO_FEW_ROWS, LABELS_ONE_CLASS where reviews or test sessions are all alike; ABORTED.
 */
export async function evaluateSessions(
  train: readonly LabelledSession[],
  test: readonly LabelledSession[],
  { seed, budget, seeds: wanted }: SessionEvaluationOptions,
  run?: RunControl,
): Promise<SessionEvaluation> {
  if (!(budget > 0 && budget <= 1)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `budget is ${budget}, expected a share of 0 to 1`, {
      culprit: { option: 'budget' },
    });
  }
  const parts = prepare(train, test);
  const reviews = Math.floor(budget * train.length);
  const seeds: SessionFigures[] = [];
  for (let index = 0; index < wanted; index++) {
    checkAborted(run);
    run?.onProgress?.({ stage: 'seeds', done: index, total: wanted });
    seeds.push(await judge(parts, seed + index, reviews, run?.signal && { signal: run.signal }));
  }
  const [first] = seeds;
  if (!first) {
    throw new QuarterdeckError('PARAMETER_INVALID', `seeds is ${wanted}, expected at least 1`, {
      culprit: { option: 'seeds' },
    });
  }
  return {
    ...first,
    budget,
    threshold,
    trainingSessions: train.length,
    testSessions: test.length,
    testAnomalies: parts.testLabels.reduce((sum, label) => sum + label, 0),
    groups: parts.groups.length,
    highestF1ByCounts: bestF1(sharesByCounts(test), parts.testLabels).f1,
    seeds,
    meanF1: seeds.reduce((sum, { f1 }) => sum + f1, 0) / seeds.length,
    lowestF1: Math.min(...seeds.map(({ f1 }) => f1)),
  };
}

interface Parts {
  readonly trainRows: Matrix;
  readonly testRows: Matrix;
  readonly rarityColumn: number;
  readonly groups: readonly (readonly number[])[];
  readonly testLabels: Uint8Array;
  /** The reviewer: nothing else reads a label of training. */
  readonly isAnomaly: (row: number) => boolean;
}

function prepare(train: readonly LabelledSession[], test: readonly LabelledSession[]): Parts {
  const templatesOf = ({ templates }: LabelledSession): readonly string[] => templates;
  const features = learnSessionFeatures(train.map(templatesOf));
  return {
    trainRows: features.rows(train.map(templatesOf)),
    testRows: features.rows(test.map(templatesOf)),
    rarityColumn: features.rarityColumn,
    groups: [...rowsByCounts(train).values()],
    testLabels: Uint8Array.from(test, ({ label }) => label),
    isAnomaly: (row) => train[row]!.label === 1,
  };
}

async function judge(parts: Parts, seed: number, reviews: number, run?: RunControl): Promise<SessionFigures> {
  const { trainRows, testRows, groups, testLabels } = parts;
  const random = seededRandom(seed);
  const forest = await fitIsolationForest(trainRows, {}, random.fork('forest'), run);
  const [trainScores, testScores] = [forest.score(trainRows), forest.score(testRows)];
  const novelty = groups.map((rows) => rows.reduce((sum, row) => sum + trainScores[row]!, 0) / rows.length);
  const review = reviewGroups(groups, novelty, reviews, parts.isAnomaly, random.fork('review'));
  const probabilities = await learnAndPredict(
    withColumn(trainRows, trainScores),
    withColumn(testRows, testScores),
    review.groups,
    random.fork('boosting'),
    run,
  );
  return {
    seed,
    ...precisionRecallF1(confusionAt(probabilities, testLabels, threshold)),
    aucPr: averagePrecision(probabilities, testLabels),
    rocAuc: rocAuc(probabilities, testLabels),
    reviewed: review.asked.length,
    reviewedAnomalies: review.groups.reduce((sum, { anomalous }) => sum + anomalous, 0),
    unsupervisedAucPr: averagePrecision(testScores, testLabels),
  };
}

/**
 * Every session of a reviewed group is learned from twice, as an anomaly and as normal, with the weight of what the
 * group's reviews say. Groups without a review have no say.
 */
async function learnAndPredict(
  trainRows: Matrix,
  testRows: Matrix,
  groups: readonly ReviewedGroup[],
  random: Random,
  run: RunControl | undefined,
): Promise<Float32Array> {
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (const group of groups) {
    if (group.anomalous + group.normal === 0) continue;
    const share = anomalousShare(group);
    for (const member of group.members) {
      const row = rowOf(trainRows, member);
      rows.push(row, row);
      labels.push(1, 0);
      weights.push(share, 1 - share);
    }
  }
  const model = await fitGradientBoosting(
    matrixFromRows(rows),
    labels,
    { ...boosting, weights },
    random,
    run,
  );
  return model.predictProbability(testRows);
}

function withColumn({ values, n, d }: Matrix, column: ArrayLike<number>): Matrix {
  const wider = new Float32Array(n * (d + 1));
  for (let row = 0; row < n; row++) {
    wider.set(values.subarray(row * d, (row + 1) * d), row * (d + 1));
    wider[row * (d + 1) + d] = column[row]!;
  }
  return { values: wider, n, d: d + 1 };
}

function rowsByCounts(sessions: readonly LabelledSession[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [row, { templates }] of sessions.entries()) {
    const key = countKey(templates);
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Each session's share of anomalies among those with its counts: the best ranking that counts allow. */
function sharesByCounts(sessions: readonly LabelledSession[]): Float64Array {
  const shares = new Float64Array(sessions.length);
  for (const rows of rowsByCounts(sessions).values()) {
    const share = rows.reduce((sum, row) => sum + sessions[row]!.label, 0) / rows.length;
    for (const row of rows) shares[row] = share;
  }
  return shares;
}
