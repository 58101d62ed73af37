import { QuarterdeckError, type Random } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { checkMatrix, type Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { centredProducts, columnMeans } from './gram';
import { largestEigenpairs } from './lanczos';
import { symmetricEigen } from './symmetricEigen';

/** Principal components of dense data, exact: the eigenvectors of the covariance, found in double precision. */
export type PcaOptions =
  | {
      /** Components to keep, at most the smaller side of the data. */
      readonly components: number;
    }
  | {
      /** Share of the variance, above 0 and up to 1, that the fewest sufficient components explain. */
      readonly varianceShare: number;
    };

export interface FittedPca {
  /** `components × d`, unit rows, most variance first; the largest entry of each is positive. */
  readonly components: Matrix;
  readonly mean: Float64Array;
  /** Variance along each component, with n − 1 in the denominator. */
  readonly explainedVariance: Float64Array;
  /** The same as shares of the whole variance. */
  readonly explainedVarianceRatio: Float64Array;
  /** `m × components`. Throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE. */
  transform(data: Matrix): Matrix;
  /** Back to `m × d`; what the left-out components held is lost. */
  inverse(scores: Matrix): Matrix;
  toBytes(): Uint8Array;
}

/** Sides up to which all eigenvectors are found at once; above, a few are found by Lanczos. */
const denseSide = 256;
const lanczosTolerance = 1e-9;

/**
 * @param data `n × d`.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS (below 2), DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export async function fitPca(
  data: Matrix,
  options: PcaOptions,
  random: Random,
  control?: RunControl,
): Promise<FittedPca> {
  checkMatrix(data, { minimumRows: 2 });
  const side = Math.min(data.n, data.d);
  checkOptions(options, side);
  checkAborted(control);
  const mean = columnMeans(data);
  const wide = data.d > data.n;
  control?.onProgress?.({ stage: 'covariance', done: 0, total: 2 });
  const products = await centredProducts(data, mean, control);
  control?.onProgress?.({ stage: 'components', done: 1, total: 2 });
  checkAborted(control);
  const { values, vectors } = await eigenpairs(products, side, options, random, control);
  let total = 0;
  for (let i = 0; i < side; i++) total += products[i * side + i]!;
  const count =
    'components' in options ? options.components : sufficient(values, total, options.varianceShare);
  const rows = Array.from({ length: count }, (_, i) => {
    const vector = vectors.subarray(i * side, (i + 1) * side);
    return withPositivePeak(wide ? combineRows(data, mean, vector) : vector);
  });
  const components = { values: new Float32Array(count * data.d), n: count, d: data.d };
  rows.forEach((row, i) => components.values.set(row, i * data.d));
  control?.onProgress?.({ stage: 'components', done: 2, total: 2 });
  const variances = values.slice(0, count).map((value) => Math.max(0, value));
  return fittedPca({
    components,
    mean,
    explainedVariance: variances.map((value) => value / (data.n - 1)),
    explainedVarianceRatio: variances.map((value) => (total > 0 ? value / total : 0)),
  });
}

const kind = 'pca';
const formatVersion = 1;

/** @throws MODEL_BYTES_INVALID. */
export function pcaFromBytes(bytes: Uint8Array): FittedPca {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const n = Number(parameters['components']);
  const d = Number(parameters['dimensions']);
  return fittedPca({
    components: { values: arrays['components'] as Float32Array, n, d },
    mean: arrays['mean'] as Float64Array,
    explainedVariance: arrays['explainedVariance'] as Float64Array,
    explainedVarianceRatio: arrays['explainedVarianceRatio'] as Float64Array,
  });
}

type PcaState = Pick<FittedPca, 'components' | 'mean' | 'explainedVariance' | 'explainedVarianceRatio'>;

function fittedPca(state: PcaState): FittedPca {
  const { components, mean } = state;
  return {
    ...state,
    transform(data) {
      checkMatrix(data);
      checkWidth(data, components.d);
      const scores = new Float32Array(data.n * components.n);
      for (let row = 0; row < data.n; row++) {
        for (let i = 0; i < components.n; i++) {
          let sum = 0;
          for (let k = 0; k < data.d; k++) {
            sum += (data.values[row * data.d + k]! - mean[k]!) * components.values[i * data.d + k]!;
          }
          scores[row * components.n + i] = sum;
        }
      }
      return { values: scores, n: data.n, d: components.n };
    },
    inverse(scores) {
      checkMatrix(scores);
      checkWidth(scores, components.n);
      const { d } = components;
      const values = new Float32Array(scores.n * d);
      for (let row = 0; row < scores.n; row++) {
        for (let k = 0; k < d; k++) {
          let sum = mean[k]!;
          for (let i = 0; i < components.n; i++) {
            sum += scores.values[row * components.n + i]! * components.values[i * d + k]!;
          }
          values[row * d + k] = sum;
        }
      }
      return { values, n: scores.n, d };
    },
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: { components: components.n, dimensions: components.d },
        arrays: {
          components: components.values,
          mean,
          explainedVariance: state.explainedVariance,
          explainedVarianceRatio: state.explainedVarianceRatio,
        },
      }),
  };
}

function checkOptions(options: PcaOptions, side: number): void {
  const refuse = (option: string, value: number, expected: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  };
  if ('components' in options) {
    const { components } = options;
    if (!Number.isInteger(components) || components < 1 || components > side) {
      refuse('components', components, `a whole number from 1 to ${side}`);
    }
  } else if (!(options.varianceShare > 0 && options.varianceShare <= 1)) {
    refuse('varianceShare', options.varianceShare, 'a number above 0 and up to 1');
  }
}

function checkWidth(data: Matrix, width: number): void {
  if (data.d === width) return;
  throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `the data has ${data.d} columns, the model ${width}`);
}

async function eigenpairs(
  products: Float64Array,
  side: number,
  options: PcaOptions,
  random: Random,
  control: RunControl | undefined,
): Promise<{ values: Float64Array; vectors: Float64Array }> {
  if (side > denseSide && 'components' in options && options.components * 4 <= side) {
    const apply = (input: Float64Array, output: Float64Array): void => {
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (let j = 0; j < side; j++) sum += products[i * side + j]! * input[j]!;
        output[i] = sum;
      }
    };
    const found = await largestEigenpairs(
      { n: side, apply },
      { count: options.components, tolerance: lanczosTolerance },
      random,
      control,
    );
    if (found.converged) {
      const vectors = new Float64Array(options.components * side);
      found.vectors.forEach((vector, i) => vectors.set(vector, i * side));
      return { values: found.values, vectors };
    }
  }
  return symmetricEigen(products, side);
}

/** Fewest leading values that make up the share of the total. */
function sufficient(values: Float64Array, total: number, share: number): number {
  let sum = 0;
  for (let count = 0; count < values.length; count++) {
    sum += values[count]!;
    if (sum >= share * total) return count + 1;
  }
  return values.length;
}

/** The principal axis Xᵀu of a left singular vector, at unit length (zero where there is no variance left). */
function combineRows({ values, n, d }: Matrix, mean: Float64Array, left: Float64Array): Float64Array {
  const axis = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < d; k++) axis[k]! += left[row]! * (values[row * d + k]! - mean[k]!);
  }
  let square = 0;
  for (const value of axis) square += value * value;
  return square > 0 ? axis.map((value) => value / Math.sqrt(square)) : axis;
}

function withPositivePeak(vector: Float64Array): Float64Array {
  let peak = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(peak)) peak = value;
  return peak < 0 ? vector.map((value) => -value) : vector;
}
