import type { Random } from '../../contracts';
import type { RunControl } from '../../learn/run';
import { averagePrecision } from '../../learn/score';
import {
  calibrate,
  expectedCostThreshold,
  fitPlatt,
  groupedTimeFolds,
  type Calibration,
  type MistakeCosts,
} from '../../learn/select';
import { softplus, type AnomalyModelParts, type BoostedModel } from '../model';
import { fitTrees, type TreeParameters } from './boostedTrees';
import { evidenceGapMinutes, evidenceSources } from './evidence';
import { heldOutTrees, type WeightedLabels } from './heldOutTrees';
import { takeRows } from './isolationBands';
import type { LearningSet } from './learningSet';

export interface LearnOptions {
  readonly name: 'xgboost_anomaly' | 'catboost_anomaly';
  readonly featureSetId: string;
  readonly costs: MistakeCosts;
  readonly folds?: number;
  /** Parameters of the trees that differ from the defaults. */
  readonly parameters?: TreeParameters;
}

export interface LearnedModel {
  readonly parts: AnomalyModelParts;
  readonly report: LearningReport;
}

/** What learning decided, and on what. */
export interface LearningReport {
  readonly rowsLearnedFrom: number;
  readonly verdicts: { readonly anomaly: number; readonly normal: number };
  readonly anomalousEvents: number;
  readonly strongBandPrecision: number;
  /** Average precision on rows that the trees had not seen, by weight of the trees; empty where none were fitted. */
  readonly heldOut: readonly { readonly treesWeight: number; readonly aucPr: number }[];
  readonly treesWeight: number;
  /** Why the trees have the weight they have, in words. */
  readonly reason: string;
}

const defaultFolds = 5;
/** Weights that the trees may get beside unsupervised scores in units of their spread. */
const treesWeights = [0.1, 0.2, 0.35, 0.6, 1, 2, 5, 10, 25];
/** So many anomalous events must have been confirmed for each unit of weight that the trees may get. */
const eventsPerWeight = 1;
/** A lower weight is kept unless a higher one is better by more than this, divided by the confirmed events. */
const leastGain = 0.06;
/** Surely normal rows beyond this many say nothing new. */
const mostBandRows = 60_000;
const gapToNeighbours = evidenceGapMinutes;
/** Where no anomaly was ever confirmed, the share of normal rows below an even chance. */
const quietShare = 0.995;
const quietSlope = 1.5;

/**
 * A supervised model over unsupervised scores that it cannot lose. Trees are learned from verdicts, their neighbours
 * and the surely normal; how much they weigh beside the scores is decided on rows they have not seen (folds by
 * instance and time, purged), and is bounded by how many anomalous events were confirmed, so that a few misleading
 * labels cannot overrule what the scores see. Calibration and threshold come from the same held-out margins.
 *
 * @throws DATA_TOO_FEW_ROWS, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export async function learnAnomalyModel(
  set: LearningSet,
  options: LearnOptions,
  random: Random,
  run?: RunControl,
): Promise<LearnedModel> {
  const { evidence, stack, scoreWeights } = set;
  const family: BoostedModel['family'] = options.name === 'xgboost_anomaly' ? 'gradient' : 'symmetric';
  const known = rowsToLearnFrom(set, random.fork('normal rows'));
  const labels = Uint8Array.from(known, (row) => Math.max(0, evidence.labels[row]!));
  const weights = Float32Array.from(known, (row) => evidence.weights[row]!);
  const unsupervised = Float64Array.from(known, (row) => set.unsupervised[row]!);
  const verdicts = countVerdicts(set);
  const { anomalousEvents, strongBandPrecision } = evidence;
  const base = { scoreWeights, slope: 1, intercept: 0, treesWeight: 0 };
  const common = {
    name: options.name,
    features: set.features,
    featureSetId: options.featureSetId,
    stack,
  };
  const report = {
    rowsLearnedFrom: known.length,
    verdicts,
    anomalousEvents,
    strongBandPrecision,
  };
  const scoresAlone = (reason: string): LearnedModel => ({
    parts: {
      ...common,
      blend: base,
      trees: undefined,
      calibration: quietCalibration(set.unsupervised),
      threshold: 0.5,
    },
    report: { ...report, heldOut: [], treesWeight: 0, reason },
  });
  if (verdicts.anomaly === 0 || verdicts.normal === 0) {
    return scoresAlone(
      `reviews have confirmed ${verdicts.anomaly} anomalous and ${verdicts.normal} normal rows; trees need both`,
    );
  }
  const data = takeRows(set.rows, known);
  const splits = groupedTimeFolds(
    Array.from(known, (row) => set.instances[row]!),
    Array.from(known, (row) => set.minutes[row]!),
    options.folds ?? defaultFolds,
    { gap: gapToNeighbours },
  );
  const parameters = options.parameters ?? {};
  const learned: WeightedLabels = { labels, weights };
  const heldOut = await heldOutTrees(family, data, learned, splits, parameters, random.fork('held out'), run);
  const judged = Int32Array.from(known.keys()).filter(
    (place) => !Number.isNaN(heldOut[place]!) && learned.weights[place]! > 0,
  );
  const pick = (list: ArrayLike<number>): number[] => Array.from(judged, (place) => list[place]!);
  const truth = pick(learned.labels);
  const judgedWeights = pick(populationWeights(set, known));
  if (!truth.includes(1) || !truth.includes(0)) {
    return scoresAlone(
      'the confirmed anomalies lie so near to each other that none is left to judge trees on',
    );
  }
  const judgedScores = pick(unsupervised);
  const judgedTrees = pick(heldOut);
  const blended = (treesWeight: number): Float64Array =>
    Float64Array.from(judgedScores, (score, place) => score + treesWeight * softplus(judgedTrees[place]!));
  const most = anomalousEvents / eventsPerWeight;
  const tried = [0, ...treesWeights.filter((weight) => weight <= most)].map((treesWeight) => ({
    treesWeight,
    aucPr: averagePrecision(blended(treesWeight), truth, judgedWeights),
  }));
  let chosen = tried[0]!;
  for (const candidate of tried)
    if (candidate.aucPr > chosen.aucPr + leastGain / anomalousEvents) chosen = candidate;
  const margins = blended(chosen.treesWeight);
  const calibration = fitPlatt(margins, truth, judgedWeights);
  const rising = calibration.slope > 0 ? calibration : quietCalibration(set.unsupervised);
  const { threshold } = expectedCostThreshold(
    calibrate(rising, margins),
    truth,
    options.costs,
    judgedWeights,
  );
  const trees =
    chosen.treesWeight > 0
      ? await fitTrees(family, { data, ...learned }, parameters, random.fork('trees'), run)
      : undefined;
  return {
    parts: {
      ...common,
      blend: { ...base, treesWeight: chosen.treesWeight },
      trees,
      calibration: rising,
      threshold: Math.min(1, threshold),
    },
    report: {
      ...report,
      heldOut: tried,
      treesWeight: chosen.treesWeight,
      reason: reasonOf(chosen, tried, anomalousEvents, most),
    },
  };
}

/** Everything but band rows beyond what is needed, ascending; rows of which nothing is known have no weight. */
function rowsToLearnFrom({ evidence }: LearningSet, random: Random): Int32Array {
  const band = evidenceSources.indexOf('band');
  const certain: number[] = [];
  const surelyNormal: number[] = [];
  evidence.labels.forEach((label, row) => {
    if (evidence.sources[row] === band && label === 0) surelyNormal.push(row);
    else certain.push(row);
  });
  for (let place = 0; place < Math.min(mostBandRows, surelyNormal.length); place++) {
    const other = place + random.integer(surelyNormal.length - place);
    [surelyNormal[place], surelyNormal[other]] = [surelyNormal[other]!, surelyNormal[place]!];
  }
  return Int32Array.from([...certain, ...surelyNormal.slice(0, mostBandRows)]).sort();
}

/**
 * How many rows of the whole each known row stands for when models are judged: itself, and where only a part of the
 * surely normal is learned from, the rest of them too.
 */
function populationWeights({ evidence }: LearningSet, known: Int32Array): Float64Array {
  const [band, doubtful] = [evidenceSources.indexOf('band'), evidenceSources.indexOf('doubtful')];
  const isBandNormal = (row: number): boolean => evidence.sources[row] === band && evidence.labels[row] === 0;
  const taken = known.reduce((sum, row) => sum + (isBandNormal(row) ? 1 : 0), 0);
  let all = 0;
  evidence.labels.forEach((_, row) => (all += isBandNormal(row) ? 1 : 0));
  return Float64Array.from(known, (row) => {
    if (isBandNormal(row)) return all / taken;
    return evidence.sources[row] === doubtful ? evidence.clearedShare : 1;
  });
}

function countVerdicts({ verdicts }: LearningSet): { anomaly: number; normal: number } {
  let anomaly = 0;
  let normal = 0;
  for (let row = 0; row < verdicts.length; row++) {
    if (verdicts[row] === 1) anomaly++;
    else if (verdicts[row] === 0) normal++;
  }
  return { anomaly, normal };
}

/** Without confirmed anomalies: an even chance where only half a percent of the rows are stranger. */
export function quietCalibration(unsupervised: Float64Array): Calibration {
  const sorted = Float64Array.from(unsupervised).sort();
  const level = sorted[Math.floor(quietShare * (sorted.length - 1))]!;
  return { kind: 'platt', slope: quietSlope, intercept: -quietSlope * level };
}

function reasonOf(
  chosen: { treesWeight: number; aucPr: number },
  tried: readonly { treesWeight: number; aucPr: number }[],
  events: number,
  most: number,
): string {
  const alone = tried[0]!.aucPr.toFixed(3);
  if (tried.length === 1) {
    return `only ${events} anomalous events are confirmed: the unsupervised scores decide alone`;
  }
  if (chosen.treesWeight === 0) {
    return `on rows they had not seen, trees of any weight up to ${most.toFixed(1)} did not rank better than the scores alone (AUC-PR ${alone})`;
  }
  return `on rows they had not seen, trees of weight ${chosen.treesWeight} raise AUC-PR from ${alone} to ${chosen.aucPr.toFixed(3)}; ${events} confirmed events allow a weight of ${most.toFixed(1)}`;
}
