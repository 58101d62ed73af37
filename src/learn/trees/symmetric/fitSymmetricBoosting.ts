import { QuarterdeckError, type Random } from '../../../contracts';
import type { Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import { checkFeatures } from '../bins';
import { firstTrees } from '../ensemble';
import { evaluationOf, type Watch } from '../evaluation';
import type { LabelledRows } from '../gradientBoosting';
import { checkOutcome, type Outcome } from '../trainingLabels';
import { encodeTraining, type EncodedTraining } from './encodedColumns';
import { encode, encodedColumns } from './encoding';
import { fittedSymmetricBoosting, type FittedSymmetricBoosting } from './fittedSymmetricBoosting';
import { growSymmetricTree } from './growSymmetricTree';
import { assignLeaves, finishTree, moveFold } from './leafValues';
import {
  completeSymmetricOptions,
  type GivenSymmetricOptions,
  type SymmetricBoostingOptions,
} from './options';
import { toEnsemble, type SymmetricTree } from './symmetricTree';
import { bootstrapDraws, openTraining } from './trainingMemory';

export interface SymmetricFitOptions extends GivenSymmetricOptions {
  /** n weights; 1 each when left out. A row without weight has no say in splits and leaves. */
  readonly weights?: ArrayLike<number>;
  /** Rows to watch the metric on; needed by early stopping. */
  readonly validation?: LabelledRows;
}

/** The least with which both classes are there. */
const minimumRows = 2;

/**
 * Boosting of symmetric trees for two classes as CatBoost does it (Prokhorenkova, Gusev, Vorobev, Dorogush and Gulin,
 * "CatBoost: unbiased boosting with categorical features", 2018): ordered boosting, ordered target statistics in the
 * place of categories, Bayesian bootstrap, balanced classes. Missing values (NaN) are the lowest of a column.
 * @param labels n times 0 or 1.
 * @throws DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE for an infinite value naming row and column,
 *   DATA_TOO_FEW_ROWS, LABELS_INVALID, LABELS_ONE_CLASS, PARAMETER_INVALID naming the option, ABORTED.
 */
export async function fitSymmetricBoosting(
  data: Matrix,
  labels: ArrayLike<number>,
  given: SymmetricFitOptions,
  random: Random,
  run?: RunControl,
): Promise<FittedSymmetricBoosting> {
  checkAborted(run);
  checkFeatures(data);
  if (data.n < minimumRows) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${data.n} rows, at least ${minimumRows} are needed`);
  }
  const outcome = checkOutcome(data.n, labels, given.weights);
  const options = completeSymmetricOptions(given, data.n, data.d);
  if (options.earlyStopping && !given.validation) {
    throw new QuarterdeckError('PARAMETER_INVALID', 'earlyStopping needs validation rows', {
      culprit: { option: 'earlyStopping' },
    });
  }
  const encoded = encodeTraining(data, outcome.labels, options, random);
  const watched = given.validation && watch(given.validation, encoded, options);
  await breathe(run);
  const { trees, regularization } = await growTrees(encoded, outcome, options, random, run, watched);
  const evaluation = watched?.result();
  const grown = toEnsemble(trees, encodedColumns(encoded.encoding), encoded.cuts, regularization);
  const ensemble = evaluation && options.earlyStopping ? firstTrees(grown, evaluation.bestRound + 1) : grown;
  return fittedSymmetricBoosting({ ensemble, encoding: encoded.encoding, options, evaluation });
}

async function growTrees(
  encoded: EncodedTraining,
  outcome: Outcome,
  options: SymmetricBoostingOptions,
  random: Random,
  run: RunControl | undefined,
  watched: Watch | undefined,
): Promise<{ trees: SymmetricTree[]; regularization: number }> {
  const n = outcome.labels.length;
  const weights = rowWeights(outcome, options.classWeights);
  const training = openTraining(
    {
      n,
      numeric: encoded.numeric,
      ordered: encoded.ordered,
      permutations: encoded.permutations,
      labels: outcome.labels,
      weights,
      threads: run?.threads?.size ?? 1,
    },
    options,
  );
  training.bootstrap.set(bootstrapTable(options.baggingTemperature));
  const meanWeight = weights.reduce((sum, weight) => sum + weight, 0) / n;
  const regularization = options.l2LeafRegularization * meanWeight;
  const leafOptions = { ...options, regularization };
  const { cuts } = encoded;
  const firstCuts = Int32Array.from(encoded.hasMissing, (missing) => (missing ? 0 : 1));
  const cutCounts = Int32Array.from(cuts, ({ length }) => length + 1);
  const trees: SymmetricTree[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const draws = random.fork(`tree ${round}`);
    const fold = training.learning[draws.integer(training.learning.length)]!;
    const splits = await growSymmetricTree(
      training,
      fold,
      {
        depth: options.depth,
        regularization,
        cuts: cutCounts,
        firstCuts,
        noise: options.randomStrength * modelSizeShare(n, round * options.learningRate),
      },
      draws,
      run,
    );
    for (const learning of training.learning) {
      if (learning === training.final) continue;
      assignLeaves(training, learning, splits);
      moveFold(training, learning, leafOptions);
    }
    assignLeaves(training, training.final, splits);
    const tree = finishTree(training, splits, leafOptions);
    trees.push(tree);
    const enough = watched?.add(toEnsemble([tree], cuts.length, cuts, regularization)) ?? false;
    run?.onProgress?.({ stage: 'rounds', done: round + 1, total: options.rounds });
    await breathe(run);
    if (enough) break;
  }
  return { trees, regularization };
}

/** Noise falls once the model is long against the logarithm of the rows (CatBoost's model size decrease). */
function modelSizeShare(n: number, modelLength: number): number {
  const left = Math.exp(Math.log(n) - modelLength);
  return left / (1 + left);
}

/** Weights of the Bayesian bootstrap, exponential draws to the power of the temperature, at evenly spaced chances. */
function bootstrapTable(temperature: number): Float32Array {
  return Float32Array.from(
    { length: bootstrapDraws },
    (_, draw) => (-Math.log((draw + 0.5) / bootstrapDraws)) ** temperature,
  );
}

function rowWeights(
  { labels, weights }: Outcome,
  weighting: SymmetricBoostingOptions['classWeights'],
): Float32Array {
  const totals: [number, number] = [0, 0];
  labels.forEach((label, row) => (totals[label as 0 | 1] += weights ? weights[row]! : 1));
  const most = Math.max(...totals);
  const classWeights = totals.map((total) => {
    if (weighting === 'none') return 1;
    return weighting === 'balanced' ? most / total : Math.sqrt(most / total);
  });
  return Float32Array.from(labels, (label, row) => classWeights[label]! * (weights ? weights[row]! : 1));
}

function watch(
  validation: LabelledRows,
  { encoding }: EncodedTraining,
  options: SymmetricBoostingOptions,
): Watch {
  const { data } = validation;
  checkFeatures(data);
  if (data.d !== encoding.d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the validation rows have ${data.d} columns, the data ${encoding.d}`,
    );
  }
  const { earlyStopping } = options;
  return evaluationOf({ ...validation, data: encode(encoding, data) }, encodedColumns(encoding), {
    baseScore: 0.5,
    ...(earlyStopping && { earlyStopping }),
  });
}
