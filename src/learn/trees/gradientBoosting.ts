import { QuarterdeckError, type Random } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import type { Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { checkFeatures, quantileBins } from './bins';
import { columnSampler } from './columnSampler';
import { ensembleContent, ensembleOf, firstTrees, type TreeEnsemble } from './ensemble';
import { ensembleBuilder } from './ensembleBuilder';
import { evaluationOf, type Evaluation } from './evaluation';
import { growTree } from './growTree';
import { importance, type ImportanceKind } from './importance';
import { completeOptions, type GradientBoostingOptions } from './options';
import { plainEngine } from './plainEngine';
import { predictMargins, probabilitiesOf } from './predictMargins';
import { sampleRows } from './sampleRows';
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
  const watched = validation && evaluationOf(validation, d, options);
  const bins = quantileBins(data, {
    maxBins: options.maxBins,
    ...(outcome.weights && { weights: outcome.weights }),
  });
  const baseMargin = Math.fround(Math.log(options.baseScore / (1 - options.baseScore)));
  const builder = ensembleBuilder(d, baseMargin, bins.cuts);
  const margins = new Float32Array(n).fill(baseMargin);
  const gradients = new Float32Array(n);
  const hessians = new Float32Array(n);
  for (let round = 0; round < options.rounds; round++) {
    const draws = random.fork(`tree ${round}`);
    const rows = sampleRows(n, options.subsample, draws.integer(2 ** 32));
    const total = { gradient: 0, hessian: 0 };
    for (let row = 0; row < n; row++) {
      const label = outcome.labels[row]!;
      const weight =
        (outcome.weights ? outcome.weights[row]! : 1) * (label === 1 ? options.scalePosWeight : 1);
      const probability = 1 / (1 + Math.exp(-margins[row]!));
      gradients[row] = (probability - label) * weight;
      hessians[row] = probability * (1 - probability) * weight;
    }
    for (const row of rows) {
      total.gradient += gradients[row]!;
      total.hessian += hessians[row]!;
    }
    const engine = plainEngine(bins, rows, gradients, hessians, options);
    builder.add(growTree(engine, total, options, columnSampler(d, options, draws)));
    const newest = builder.lastTree();
    const steps = predictMargins(newest, data);
    for (let row = 0; row < n; row++) margins[row]! += steps[row]!;
    const enough = watched?.add(newest) ?? false;
    run?.onProgress?.({ stage: 'rounds', done: round + 1, total: options.rounds });
    await breathe(run);
    if (enough) break;
  }
  const evaluation = watched?.result();
  const grown = builder.build();
  const ensemble = evaluation && options.earlyStopping ? firstTrees(grown, evaluation.bestRound + 1) : grown;
  return fittedGradientBoosting({ ensemble, options, evaluation });
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
