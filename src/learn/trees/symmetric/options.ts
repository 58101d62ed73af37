import { QuarterdeckError } from '../../../contracts';
import type { EarlyStopping } from '../options';
import { automaticLearningRate } from './automaticRate';

/** CatBoost's parameters in full words; what each does is described in its documentation. */
export interface SymmetricBoostingOptions {
  /** Splits on the way to every leaf: 1 to 8. */
  readonly depth: number;
  /** Trees (iterations). */
  readonly rounds: number;
  readonly learningRate: number;
  readonly l2LeafRegularization: number;
  /** Scale of the noise on split scores, falling as the model grows; 0 for none. */
  readonly randomStrength: number;
  /** Exponent of the Bayesian bootstrap's weights (Rubin 1981); 0 for equal weights. */
  readonly baggingTemperature: number;
  /** Most borders of a column. */
  readonly borderCount: number;
  /** Whose margins the derivatives come from: of models that have not seen the row, or of the model itself. */
  readonly boosting: 'ordered' | 'plain';
  /** Orders of the rows that structures are learned from, by turns. */
  readonly permutations: number;
  /** Newton steps for the values of a tree's leaves. */
  readonly leafIterations: number;
  /** Weights of classes, so that both count as much, or by the root of that. */
  readonly classWeights: 'balanced' | 'square-root-balanced' | 'none';
  /** Columns whose values are codes of categories: whole numbers; a missing value is a category of its own. */
  readonly categoricalColumns: readonly number[];
  /** Most categorical columns whose joint value is taken as a category too: 1 or 2. */
  readonly categoryCombinations: number;
  readonly earlyStopping?: EarlyStopping;
}

/** What a caller may leave out: the learning rate and the kind of boosting then follow from the data. */
export type GivenSymmetricOptions = Partial<SymmetricBoostingOptions>;

/** Up to here ordered boosting pays, above plain is as good and faster (CatBoost's own rule). */
const orderedRows = 50_000;
/** Leaves are numbered in a byte. */
const deepest = 8;
const mostRounds = 100_000;
/** 255 intervals, and one code for missing values. */
const mostBorders = 254;
const mostPermutations = 32;
const mostLeafIterations = 100;

/** Fills in the defaults for n rows of d columns. @throws PARAMETER_INVALID naming the option. */
export function completeSymmetricOptions(
  given: GivenSymmetricOptions,
  n: number,
  d: number,
): SymmetricBoostingOptions {
  const rounds = given.rounds ?? 100;
  const options: SymmetricBoostingOptions = {
    depth: given.depth ?? 6,
    rounds,
    learningRate: given.learningRate ?? automaticLearningRate(n, rounds, given.earlyStopping !== undefined),
    l2LeafRegularization: given.l2LeafRegularization ?? 3,
    randomStrength: given.randomStrength ?? 1,
    baggingTemperature: given.baggingTemperature ?? 1,
    borderCount: given.borderCount ?? mostBorders,
    boosting: given.boosting ?? (n < orderedRows ? 'ordered' : 'plain'),
    permutations: given.permutations ?? 3,
    leafIterations: given.leafIterations ?? 1,
    classWeights: given.classWeights ?? 'balanced',
    categoricalColumns: [...new Set(given.categoricalColumns)].sort((a, b) => a - b),
    categoryCombinations: given.categoryCombinations ?? 1,
    ...(given.earlyStopping && { earlyStopping: given.earlyStopping }),
  };
  const require = (option: keyof SymmetricBoostingOptions, holds: boolean, expected: string): void => {
    if (holds) return;
    const value = JSON.stringify(options[option]);
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  };
  const whole = (
    option: 'depth' | 'rounds' | 'borderCount' | 'permutations' | 'leafIterations' | 'categoryCombinations',
    most: number,
  ): void => {
    const value = options[option];
    const holds = Number.isInteger(value) && value >= 1 && value <= most;
    require(option, holds, `a whole number from 1 to ${most}`);
  };
  whole('depth', deepest);
  whole('rounds', mostRounds);
  whole('borderCount', mostBorders);
  whole('permutations', mostPermutations);
  whole('leafIterations', mostLeafIterations);
  whole('categoryCombinations', 2);
  for (const option of ['l2LeafRegularization', 'randomStrength', 'baggingTemperature'] as const) {
    require(option, Number.isFinite(options[option]) && options[option] >= 0, 'a number of at least 0');
  }
  const { learningRate, earlyStopping } = options;
  require('learningRate', learningRate > 0 && learningRate <= 1, 'a number above 0 and at most 1');
  require('boosting', ['ordered', 'plain'].includes(options.boosting), 'ordered or plain');
  const weightings = ['balanced', 'square-root-balanced', 'none'];
  require('classWeights', weightings.includes(options.classWeights), weightings.join(', '));
  const columns = options.categoricalColumns;
  const areColumns = columns.every((column) => Number.isInteger(column) && column >= 0 && column < d);
  require('categoricalColumns', areColumns, `columns from 0 to ${d - 1}`);
  if (earlyStopping) {
    const known = ['auc', 'logloss', 'aucpr'];
    const holds =
      Number.isInteger(earlyStopping.rounds) &&
      earlyStopping.rounds >= 1 &&
      known.includes(earlyStopping.metric);
    require('earlyStopping', holds, `rounds of at least 1 and a metric of ${known.join(', ')}`);
  }
  return options;
}
