import { QuarterdeckError, type Random } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { checkFeatures } from './bins';
import { boostRows } from './boostRows';
import { ensembleContent, ensembleOf, type TreeEnsemble } from './ensemble';
import type { CheckedRows, Evaluation } from './evaluation';
import { importance, type ImportanceKind } from './importance';
import { completeOptions, type GradientBoostingOptions } from './options';
import { predictMargins, probabilitiesOf } from './predictMargins';
import { checkOutcome } from './trainingLabels';
import { treeContributions } from './treeShap';

export interface FittedGradientBoosting {
  readonly ensemble: TreeEnsemble;
  readonly options: GradientBoostingOptions;
  /** The metric on the validation rows round by round, where a fit had some. */
  readonly evaluation: Evaluation | undefined;
  /** Log-odds of n rows. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE, DATA_EMPTY. */
  predictMargins(data: Matrix): Float32Array;
  /** Chance of being positive of n rows. @throws as `predictMargins`. */
  predictProbability(data: Matrix): Float32Array;
  /** TreeSHAP in margin units: n × (d + 1), the bias last. @throws as `predictMargins`; ABORTED. */
  contributions(data: Matrix, run?: RunControl): Promise<Matrix>;
  /** One number per column. */
  importance(kind: ImportanceKind): Float64Array;
  toBytes(): Uint8Array;
}

export interface LabelledRows {
  readonly data: Matrix;
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

export interface FitOptions extends Partial<GradientBoostingOptions> {
  /** n weights; 1 each when left out. A row without weight has no say. */
  readonly weights?: ArrayLike<number>;
  /** Rows to watch the metric on; needed by early stopping. */
  readonly validation?: LabelledRows;
}

/** The least with which both classes are there. */
const minimumRows = 2;

/**
 * Gradient boosting of decision trees for two classes as XGBoost does it with `tree_method=hist` and
 * `binary:logistic` (Chen and Guestrin 2016). Missing values (NaN) are learned from; each split sends them one way.
 * @param labels n times 0 or 1.
 * @throws DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE for an infinite value naming row and column,
 *   DATA_TOO_FEW_ROWS, LABELS_INVALID, LABELS_ONE_CLASS, PARAMETER_INVALID naming the option, ABORTED.
 */
export async function fitGradientBoosting(
  data: Matrix,
  labels: ArrayLike<number>,
  given: FitOptions,
  random: Random,
  run?: RunControl,
): Promise<FittedGradientBoosting> {
  checkAborted(run);
  checkFeatures(data);
  if (data.n < minimumRows) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${data.n} rows, at least ${minimumRows} are needed`);
  }
  const { n, d } = data;
  const outcome = checkOutcome(n, labels, given.weights);
  const options = completeOptions(given, d);
  const { validation } = given;
  if (options.earlyStopping && !validation) {
    throw new QuarterdeckError('PARAMETER_INVALID', 'earlyStopping needs validation rows', {
      culprit: { option: 'earlyStopping' },
    });
  }
  const { ensemble, evaluation } = await boostRows(
    {
      data,
      outcome,
      options,
      validation: validation && checkedRows(validation, d),
      seed: random.fork('gradient boosting').integer(2 ** 32),
    },
    run,
  );
  return fittedGradientBoosting({ ensemble, options, evaluation });
}

/** @throws DATA_WIDTH_MISMATCH, and as a fit does for its own rows. */
function checkedRows({ data, labels, weights }: LabelledRows, d: number): CheckedRows {
  checkFeatures(data);
  if (data.d !== d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the validation rows have ${data.d} columns, the data ${d}`,
    );
  }
  return { data, ...checkOutcome(data.n, labels, weights) };
}

interface State {
  readonly ensemble: TreeEnsemble;
  readonly options: GradientBoostingOptions;
  readonly evaluation: Evaluation | undefined;
}

const kind = 'gradient-boosting';
const formatVersion = 1;

function fittedGradientBoosting({ ensemble, options, evaluation }: State): FittedGradientBoosting {
  return {
    ensemble,
    options,
    evaluation,
    predictMargins: (data) => predictMargins(ensemble, data),
    predictProbability: (data) => probabilitiesOf(predictMargins(ensemble, data)),
    contributions: (data, run) => treeContributions(ensemble, data, run),
    importance: (of) => importance(ensemble, of),
    toBytes() {
      const content = ensembleContent(ensemble);
      return encodeModel(kind, formatVersion, {
        parameters: { ...content.parameters, options, ...(evaluation && { evaluation }) },
        arrays: content.arrays,
      });
    },
  };
}

/** @throws MODEL_BYTES_INVALID. */
export function gradientBoostingFromBytes(bytes: Uint8Array): FittedGradientBoosting {
  const content = decodeModel(kind, formatVersion, bytes);
  const { options, evaluation } = content.parameters as unknown as State;
  return fittedGradientBoosting({ ensemble: ensembleOf(content), options, evaluation });
}
