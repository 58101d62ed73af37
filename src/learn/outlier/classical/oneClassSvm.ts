import { decodeModel } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import type { RunControl } from '../../run';
import { breathe } from '../../run';
import type { DetectorEntry } from '../detector';
import { requireBetween, requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, sampleRows, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';
import { solveOneClass } from './oneClassSolver';

/**
 * `one_class_svm`: how far outside a row lies of the smallest region, in the space of a radial kernel, that holds all
 * training rows but the share `nu` (Schölkopf, Platt, Shawe-Taylor, Smola and Williamson 2001), as in LIBSVM and
 * scikit-learn. The boundary is at 0, so that is the threshold.
 */
export interface OneClassSvmOptions extends PointOptions {
  /** Share of training rows that may lie outside, above 0 and below 1; it stands for `contamination` here. */
  readonly nu: number;
  /** Of the kernel exp(−gamma · distance²), above 0; `scale` is 1 / (columns · variance of all values). */
  readonly gamma: number | 'scale';
  /** Training rows to look at, taken by chance from more: time and memory grow with their square. */
  readonly mostRows: number;
}

const name = 'one_class_svm';
const formatVersion = 1;
const minimumRows = 2;
const boundary = 0;
const defaults: OneClassSvmOptions = { ...defaultPointOptions, nu: 0.05, gamma: 'scale', mostRows: 2_000 };

export const oneClassSvm: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<OneClassSvmOptions>, random, run) {
      const options = withDefaults(defaults, given);
      const { nu, gamma: wanted } = options;
      requireBetween('nu', nu, 0, 1);
      requireOption(
        'gamma',
        wanted,
        wanted === 'scale' || (wanted > 0 && wanted < Infinity),
        'a number above 0, or scale',
      );
      requireWhole('mostRows', options.mostRows, minimumRows);
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const sample = sampleRows(standardized, options.mostRows, random);
      const gamma = wanted === 'scale' ? scaleGamma(sample) : wanted;
      const kernel = await kernelMatrix(sample, gamma, run);
      const { weights, offset } = await solveOneClass(kernel, sample.n, nu, run);
      const model = pointModel(...supportOf(sample, weights), gamma, offset);
      return fittedPoints({ name, formatVersion, standardization, model, threshold: boundary });
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const values = arrays['support'] as Float32Array;
    const d = Number(parameters['columns']);
    const model = pointModel(
      { values, n: values.length / d, d },
      arrays['weights'] as Float64Array,
      Number(parameters['gamma']),
      Number(parameters['offset']),
    );
    const standardization = standardizationFrom(arrays);
    return fittedPoints({ name, formatVersion, standardization, model, threshold: boundary });
  },
};

/** Where there is no variance every gamma does. */
function scaleGamma({ values, d }: Matrix): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  return variance > 0 ? 1 / (d * variance) : 1;
}

function squaredDistance(left: Float32Array, right: Float32Array, rightStart: number): number {
  let square = 0;
  for (let column = 0; column < left.length; column++) {
    const difference = left[column]! - right[rightStart + column]!;
    square += difference * difference;
  }
  return square;
}

const rowsPerBreath = 256;

/** `n × n`. */
async function kernelMatrix(rows: Matrix, gamma: number, run: RunControl | undefined): Promise<Float32Array> {
  const { values, n, d } = rows;
  const kernel = new Float32Array(n * n);
  for (let left = 0; left < n; left++) {
    const row = rowOf(rows, left);
    for (let right = 0; right <= left; right++) {
      const similarity = Math.exp(-gamma * squaredDistance(row, values, right * d));
      kernel[left * n + right] = similarity;
      kernel[right * n + left] = similarity;
    }
    if (left % rowsPerBreath !== 0) continue;
    run?.onProgress?.({ stage: 'kernel', done: left, total: n });
    await breathe(run);
  }
  return kernel;
}

/** The rows with a weight, and the weights. */
function supportOf(sample: Matrix, weights: Float64Array): [Matrix, Float64Array] {
  const rows = Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  const values = new Float32Array(rows.length * sample.d);
  rows.forEach((row, at) => values.set(rowOf(sample, row), at * sample.d));
  return [{ values, n: rows.length, d: sample.d }, Float64Array.from(rows, (row) => weights[row]!)];
}

function pointModel(support: Matrix, weights: Float64Array, gamma: number, offset: number): PointModel {
  const { values, n, d } = support;
  return {
    score: (standardized) =>
      Float64Array.from({ length: standardized.n }, (_, at) => {
        const row = rowOf(standardized, at);
        let sum = 0;
        for (let vector = 0; vector < n; vector++) {
          sum += weights[vector]! * Math.exp(-gamma * squaredDistance(row, values, vector * d));
        }
        return offset - sum;
      }),
    explain(row) {
      const exponents = Float64Array.from(
        { length: n },
        (_, vector) => -gamma * squaredDistance(row, values, vector * d),
      );
      // Relative to the nearest vector: far away every similarity would be 0.
      const nearest = exponents.reduce((most, exponent) => Math.max(most, exponent), -Infinity);
      const contributions = new Float64Array(d);
      for (let vector = 0; vector < n; vector++) {
        const share = weights[vector]! * Math.exp(exponents[vector]! - nearest);
        for (let column = 0; column < d; column++) {
          contributions[column]! += share * gamma * (row[column]! - values[vector * d + column]!) ** 2;
        }
      }
      return contributions;
    },
    content: { parameters: { gamma, offset }, arrays: { support: values, weights } },
  };
}
