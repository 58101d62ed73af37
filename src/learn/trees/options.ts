import { QuarterdeckError } from '../../contracts';
import { codesPerColumn } from './bins';

export type EvaluationMetric = 'auc' | 'logloss' | 'aucpr';

export interface EarlyStopping {
  /** Rounds without a better value of the metric after which the fit ends. */
  readonly rounds: number;
  readonly metric: EvaluationMetric;
}

/** XGBoost's parameters in full words; what each does is described in its documentation. */
export interface GradientBoostingOptions {
  /** Splits on the longest way to a leaf. */
  readonly maxDepth: number;
  readonly learningRate: number;
  /** Trees (n_estimators). */
  readonly rounds: number;
  /** Share of the rows that a tree is grown on. */
  readonly subsample: number;
  /** Share of the columns of a tree, of those each level takes, and of those each node takes. */
  readonly columnsByTree: number;
  readonly columnsByLevel: number;
  readonly columnsByNode: number;
  /** Least sum of second derivatives in a child. */
  readonly minChildWeight: number;
  /** Least loss that a split must take away. */
  readonly gamma: number;
  readonly regAlpha: number;
  readonly regLambda: number;
  /** Weight of positive rows. */
  readonly scalePosWeight: number;
  /** Codes of a column, that of missing values included. */
  readonly maxBins: number;
  /** Level by level, or the node first that takes most loss away. */
  readonly growth: 'depth' | 'loss';
  /** Most leaves of a tree; 0 for no limit but the depth. */
  readonly maxLeaves: number;
  /** Per column: 1 for answers that never fall with the value, −1 never rise, 0 free. None when empty. */
  readonly monotone: readonly (-1 | 0 | 1)[];
  /** Probability before the first tree. */
  readonly baseScore: number;
  readonly earlyStopping?: EarlyStopping;
}

export const defaultOptions: GradientBoostingOptions = {
  maxDepth: 6,
  learningRate: 0.1,
  rounds: 100,
  subsample: 0.8,
  columnsByTree: 0.8,
  columnsByLevel: 1,
  columnsByNode: 1,
  minChildWeight: 1,
  gamma: 0,
  regAlpha: 0,
  regLambda: 1,
  scalePosWeight: 1,
  maxBins: codesPerColumn,
  growth: 'depth',
  maxLeaves: 0,
  monotone: [],
  baseScore: 0.5,
};

/** A full tree of this depth has a million leaves: more than data within memory can fill. */
const deepest = 20;
const mostRounds = 100_000;
export const evaluationMetrics: readonly EvaluationMetric[] = ['auc', 'logloss', 'aucpr'];

/** Fills in the defaults for data of `d` columns. Throws PARAMETER_INVALID naming the option. */
export function completeOptions(given: Partial<GradientBoostingOptions>, d: number): GradientBoostingOptions {
  const options: GradientBoostingOptions = { ...defaultOptions };
  for (const name of [...Object.keys(defaultOptions), 'earlyStopping']) {
    const value = given[name as keyof GradientBoostingOptions];
    if (value !== undefined) Object.assign(options, { [name]: value });
  }
  const require = (option: keyof GradientBoostingOptions, holds: boolean, expected: string): void => {
    if (holds) return;
    const value = JSON.stringify(options[option]);
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  };
  const whole = (
    option: 'maxDepth' | 'rounds' | 'maxBins' | 'maxLeaves',
    least: number,
    most: number,
  ): void => {
    const value = options[option];
    require(option, Number.isInteger(value) &&
      value >= least &&
      value <= most, `a whole number from ${least} to ${most}`);
  };
  whole('maxDepth', 1, deepest);
  whole('rounds', 1, mostRounds);
  whole('maxBins', 2, codesPerColumn);
  whole('maxLeaves', 0, 2 ** deepest);
  for (const option of ['subsample', 'columnsByTree', 'columnsByLevel', 'columnsByNode'] as const) {
    require(option, options[option] > 0 && options[option] <= 1, 'a share above 0 and at most 1');
  }
  for (const option of ['minChildWeight', 'gamma', 'regAlpha', 'regLambda'] as const) {
    require(option, Number.isFinite(options[option]) && options[option] >= 0, 'a number of at least 0');
  }
  for (const option of ['learningRate', 'scalePosWeight'] as const) {
    require(option, Number.isFinite(options[option]) && options[option] > 0, 'a number above 0');
  }
  require('growth', ['depth', 'loss'].includes(options.growth), 'depth or loss');
  require('baseScore', options.baseScore > 0 && options.baseScore < 1, 'a probability between 0 and 1');
  require('monotone', (options.monotone.length === 0 || options.monotone.length === d) &&
    options.monotone.every((sign) => [-1, 0, 1].includes(sign)), `-1, 0 or 1 for each of ${d} columns`);
  const { earlyStopping } = options;
  if (earlyStopping) {
    const { rounds, metric } = earlyStopping;
    require('earlyStopping', Number.isInteger(rounds) &&
      rounds >= 1 &&
      evaluationMetrics.includes(
        metric,
      ), `rounds of at least 1 and a metric of ${evaluationMetrics.join(', ')}`);
  }
  return options;
}
