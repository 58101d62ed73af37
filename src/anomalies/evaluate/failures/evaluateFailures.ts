import { QuarterdeckError, seededRandom, type Random } from '../../../contracts';
import { matrixFromRows, rowOf, type Matrix } from '../../../learn/matrix';
import { checkAborted, type RunControl } from '../../../learn/run';
import { averagePrecision } from '../../../learn/score';
import { crossValidate, stratifiedRandomFolds, type Splits } from '../../../learn/select';
import { fitGradientBoosting, type FitOptions } from '../../../learn/trees';
import { fitSymmetricBoosting, type SymmetricFitOptions } from '../../../learn/trees/symmetric';
import type { MachineTable } from './machineTable';

/** Learns on each fold's training rows and gives every row the chance of a failure by the model without it. */
export type FoldLearner = (
  data: Matrix,
  labels: Uint8Array,
  splits: Splits,
  random: Random,
  run?: RunControl,
) => Promise<ArrayLike<number>>;

export interface FamilyFigures {
  /** Mean over folds and seeds of folds. */
  readonly aucPr: number;
  /** Mean over the folds of each seed. */
  readonly bySeed: readonly number[];
}

export type FeatureView = 'measured' | 'derived';

export interface FailureEvaluation {
  readonly rows: number;
  readonly failures: number;
  readonly folds: number;
  /** Seeds of the folds. */
  readonly seeds: readonly number[];
  readonly families: Readonly<Record<FeatureView, Readonly<Record<string, FamilyFigures>>>>;
}

export interface FailureEvaluationOptions {
  readonly seed: number;
  /** How many ways to cut the folds, from `seed` on. */
  readonly seeds: number;
  readonly views?: readonly FeatureView[];
}

const folds = 5;

/** Settings of the XGBoost family, ours and the original alike. */
export const xgboostStyleOptions = {
  maxDepth: 10,
  learningRate: 0.05,
  rounds: 300,
  subsample: 0.8,
  columnsByTree: 1,
} satisfies FitOptions;

const catboostStyleOptions: SymmetricFitOptions = {
  boosting: 'plain',
  depth: 8,
  rounds: 200,
  learningRate: 0.2,
  l2LeafRegularization: 1,
  randomStrength: 0,
  classWeights: 'none',
  categoricalColumns: [0],
};

/** Our two families with the settings they are judged with. */
export const boostedFamilies = {
  xgboostStyle: byFold((data, labels, random, run) =>
    fitGradientBoosting(data, labels, xgboostStyleOptions, random, run),
  ),
  catboostStyle: byFold((data, labels, random, run) =>
    fitSymmetricBoosting(data, labels, catboostStyleOptions, random, run),
  ),
} satisfies Readonly<Record<string, FoldLearner>>;

/**
 * AUC-PR of learners in five stratified folds, cut in several ways, from the measured columns and with three derived
 * ones. The protocol is written down in docs/anomaly-evaluation.md.
 * @param learners by name; all are judged on the same folds.
 * @throws PARAMETER_INVALID, DATA_TOO_FEW_ROWS, LABELS_ONE_CLASS, ABORTED, and what a learner throws.
 */
export async function evaluateFailures(
  table: MachineTable,
  { seed, seeds: wanted, views = ['measured', 'derived'] }: FailureEvaluationOptions,
  learners: Readonly<Record<string, FoldLearner>>,
  run?: RunControl,
): Promise<FailureEvaluation> {
  if (!(Number.isInteger(wanted) && wanted >= 1)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `seeds is ${wanted}, expected at least 1`, {
      culprit: { option: 'seeds' },
    });
  }
  const seeds = Array.from({ length: wanted }, (_, index) => seed + index);
  const entries = Object.entries(learners);
  const labels = table.failed;
  const quiet = run && { ...run, onProgress: () => undefined };
  const total = views.length * entries.length * wanted;
  let done = 0;
  const families: Record<FeatureView, Record<string, FamilyFigures>> = { measured: {}, derived: {} };
  for (const view of views) {
    for (const [name, learn] of entries) {
      const bySeed: number[] = [];
      for (const foldSeed of seeds) {
        checkAborted(run);
        run?.onProgress?.({ stage: `${name}, ${view}`, done: done++, total });
        const random = seededRandom(foldSeed);
        const splits = stratifiedRandomFolds(labels, folds, random.fork('folds'));
        const given = await learn(table[view], labels, splits, random.fork('fits'), quiet);
        bySeed.push(
          meanOf(splits.folds.map(({ test }) => averagePrecision(pick(given, test), pick(labels, test)))),
        );
      }
      families[view][name] = { aucPr: meanOf(bySeed), bySeed };
    }
  }
  const failures = labels.reduce((sum, label) => sum + label, 0);
  return { rows: labels.length, failures, folds, seeds, families };
}

/** A family that learns one fold at a time. */
function byFold(
  fit: (
    data: Matrix,
    labels: ArrayLike<number>,
    random: Random,
    run?: RunControl,
  ) => Promise<{ predictProbability(data: Matrix): Float32Array }>,
): FoldLearner {
  return async (data, labels, splits, random, run) => {
    const part = (rows: Int32Array): Matrix => matrixFromRows(Array.from(rows, (row) => rowOf(data, row)));
    const { outOfFold } = await crossValidate(
      splits,
      labels,
      async (train, test, fold) => {
        const fitted = await fit(part(train), pick(labels, train), random.fork(fold), run);
        return fitted.predictProbability(part(test));
      },
      averagePrecision,
      run,
    );
    return outOfFold;
  };
}

function pick(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
