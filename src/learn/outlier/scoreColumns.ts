import { QuarterdeckError, type Random } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { fitPca } from '../decompose';
import { columnMeans } from '../decompose/gram';
import { checkMatrix, rowOf, type Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { fitIsolationForest, isolationForestFromBytes, type FittedIsolationForest } from './isolation';
import { checkQueries } from './queries';
import { fitColumnScale, standardize, standardizeRow, type ColumnScale } from './residual';

/**
 * Unsupervised scores as further features of a supervised model: what labels have not shown yet, these still see.
 * Every score looks at one row alone and remembers nothing, and is made of steps that ONNX has.
 */
export const scoreColumnNames = [
  /** The isolation forest's score, 0 to 1. */
  'isolation_forest',
  /** Logarithm of the squared distance from the principal subspace. */
  'subspace_log_error',
  /** Sum over the columns of the logarithm of one plus the squared error in units of its spread in training. */
  'subspace_energy',
  /** Logarithm of the squared distance to the nearest of the reference rows. */
  'reference_log_distance',
  /** Logarithm of the squared length of the standardised row. */
  'log_magnitude',
] as const;

export interface FittedScoreColumns {
  readonly names: typeof scoreColumnNames;
  /** Columns of the rows that are scored. */
  readonly d: number;
  readonly isolationForest: FittedIsolationForest;
  readonly subspace: ScoreSubspace;
  /**
   * `n × names.length`; for each column higher is more anomalous.
   * @throws DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, DATA_WIDTH_MISMATCH.
   */
  score(data: Matrix, run?: RunControl): Matrix;
  toBytes(): Uint8Array;
}

/** z = clip((x − center) / scale); r = (z − mean) − Cᵀ C (z − mean). */
export interface ScoreSubspace {
  readonly scale: ColumnScale;
  readonly mean: Float64Array;
  /** C: principal axes, `k × d`. */
  readonly components: Matrix;
  /** Spread in training of each column's error r. */
  readonly spread: Float64Array;
  /** Training rows, standardised and clipped, that rows are compared with. */
  readonly references: Matrix;
}

const clip = 20;
const varianceShare = 0.9;
const leastSpread = 0.1;
/** Enough to stand for the usual states, few enough for ten microseconds a row. */
const mostReferences = 256;
/** Keeps the logarithm of a square finite where a row lies in the subspace or on a reference. */
const leastSquare = 1e-3;
const minimumRows = 3;
const rowsPerBreath = 4096;

/** @throws DATA_EMPTY, DATA_TOO_FEW_ROWS (below 3), DATA_RAGGED, DATA_NOT_FINITE, ABORTED. */
export async function fitUnsupervisedScores(
  trainData: Matrix,
  random: Random,
  run?: RunControl,
): Promise<FittedScoreColumns> {
  checkMatrix(trainData, { minimumRows });
  checkAborted(run);
  const isolationForest = await fitIsolationForest(trainData, {}, random.fork('isolation forest'), run);
  const scale = fitColumnScale(trainData, clip);
  const standardized = standardize(scale, trainData);
  const mean = columnMeans(standardized);
  const { components } = await fitPca(
    standardized,
    { varianceShare },
    random.fork('subspace'),
    run && { ...run, onProgress: () => undefined },
  );
  const unscaled = new Float64Array(trainData.d).fill(1);
  const row = new RowErrors({ scale, mean, components, spread: unscaled });
  const squares = new Float64Array(trainData.d);
  for (let at = 0; at < trainData.n; at++) {
    row.measure(rowOf(trainData, at));
    for (let column = 0; column < squares.length; column++) squares[column]! += row.errors[column]! ** 2;
    if (at % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'subspace', done: at, total: trainData.n });
      await breathe(run);
    }
  }
  return fittedScoreColumns(isolationForest, {
    scale,
    mean,
    components,
    spread: squares.map((sum) => Math.max(leastSpread, Math.sqrt(sum / trainData.n))),
    references: drawRows(standardized, mostReferences, random.fork('references')),
  });
}

/** Up to `most` rows without replacement, in their order. */
function drawRows(data: Matrix, most: number, random: Random): Matrix {
  const deck = Int32Array.from({ length: data.n }, (_, row) => row);
  const count = Math.min(most, data.n);
  for (let at = 0; at < count; at++) {
    const other = at + random.integer(data.n - at);
    const held = deck[at]!;
    deck[at] = deck[other]!;
    deck[other] = held;
  }
  const values = new Float32Array(count * data.d);
  deck
    .subarray(0, count)
    .sort()
    .forEach((row, at) => values.set(rowOf(data, row), at * data.d));
  return { values, n: count, d: data.d };
}

/** A row's standardised values and what of them lies outside the subspace. */
class RowErrors {
  readonly standardized: Float64Array;
  readonly errors: Float64Array;
  private readonly centred: Float64Array;

  constructor(private readonly subspace: Omit<ScoreSubspace, 'references'>) {
    const d = subspace.mean.length;
    this.standardized = new Float64Array(d);
    this.errors = new Float64Array(d);
    this.centred = new Float64Array(d);
  }

  measure(row: Float32Array): void {
    const { standardized, errors, centred, subspace } = this;
    const { scale, mean, components } = subspace;
    const { d } = components;
    standardizeRow(scale, row, standardized);
    for (let column = 0; column < d; column++) {
      centred[column] = standardized[column]! - mean[column]!;
      errors[column] = centred[column]!;
    }
    for (let axis = 0; axis < components.n; axis++) {
      const first = axis * d;
      let score = 0;
      for (let column = 0; column < d; column++) {
        score += components.values[first + column]! * centred[column]!;
      }
      for (let column = 0; column < d; column++) {
        errors[column]! -= components.values[first + column]! * score;
      }
    }
  }
}

function fittedScoreColumns(
  isolationForest: FittedIsolationForest,
  subspace: ScoreSubspace,
): FittedScoreColumns {
  const { d } = isolationForest;
  return {
    names: scoreColumnNames,
    d,
    isolationForest,
    subspace,
    score(data, run) {
      checkQueries(data, d);
      const width = scoreColumnNames.length;
      const values = new Float32Array(data.n * width);
      const forestScores = isolationForest.score(data, run);
      const row = new RowErrors(subspace);
      for (let at = 0; at < data.n; at++) {
        row.measure(rowOf(data, at));
        const error = energies(row.errors, subspace.spread);
        values.set(
          [
            forestScores[at]!,
            Math.log(leastSquare + error.square),
            error.energy,
            Math.log(leastSquare + nearestSquare(row.standardized, subspace.references)),
            Math.log(leastSquare + squareOf(row.standardized)),
          ],
          at * width,
        );
      }
      return { values, n: data.n, d: width };
    },
    toBytes: () => encode(isolationForest, subspace),
  };
}

function energies(errors: Float64Array, spread: Float64Array): { square: number; energy: number } {
  let square = 0;
  let energy = 0;
  for (let column = 0; column < errors.length; column++) {
    const error = errors[column]!;
    square += error * error;
    energy += Math.log1p((error / spread[column]!) ** 2);
  }
  return { square, energy };
}

function squareOf(row: Float64Array): number {
  let sum = 0;
  for (let column = 0; column < row.length; column++) sum += row[column]! * row[column]!;
  return sum;
}

function nearestSquare(row: Float64Array, { values, n, d }: Matrix): number {
  let nearest = Infinity;
  for (let reference = 0, at = 0; reference < n; reference++) {
    let sum = 0;
    for (let column = 0; column < d; column++, at++) {
      const difference = row[column]! - values[at]!;
      sum += difference * difference;
    }
    if (sum < nearest) nearest = sum;
  }
  return nearest;
}

const kind = 'score_columns';
const formatVersion = 1;

function encode(isolationForest: FittedIsolationForest, subspace: ScoreSubspace): Uint8Array {
  const { scale, mean, components, spread, references } = subspace;
  return encodeModel(kind, formatVersion, {
    parameters: {
      names: scoreColumnNames,
      d: isolationForest.d,
      clip: scale.clip,
      axes: components.n,
      references: references.n,
    },
    arrays: {
      center: scale.center,
      scale: scale.scale,
      mean,
      components: components.values,
      spread,
      references: references.values,
      isolationForest: isolationForest.toBytes(),
    },
  });
}

/** @throws MODEL_BYTES_INVALID, also for a model with other columns than these. */
export function scoreColumnsFromBytes(bytes: Uint8Array): FittedScoreColumns {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  if (String(parameters['names']) !== scoreColumnNames.join()) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: it has other columns`);
  }
  const d = Number(parameters['d']);
  return fittedScoreColumns(isolationForestFromBytes(arrays['isolationForest'] as Uint8Array), {
    scale: {
      center: arrays['center'] as Float64Array,
      scale: arrays['scale'] as Float64Array,
      clip: Number(parameters['clip']),
    },
    mean: arrays['mean'] as Float64Array,
    components: { values: arrays['components'] as Float32Array, n: Number(parameters['axes']), d },
    spread: arrays['spread'] as Float64Array,
    references: { values: arrays['references'] as Float32Array, n: Number(parameters['references']), d },
  });
}
