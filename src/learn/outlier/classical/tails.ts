import { decodeModel } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import { columnOf, deviationOf, meanOf } from '../statistical/scale';
import type { DetectorEntry } from '../detector';
import { withDefaults } from '../detectorOptions';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * Detectors by the tails of each column's own distribution: a value's surprise is −ln of the share of training values
 * beyond it, and a row's score the sum over its columns. `ecod` (Li, Zhao, Hu, Botta, Ionescu and Chen 2022) and
 * `copod` (Li, Zhao, Botta, Ionescu and Hu 2020), as in PyOD, differ in how they join the two tails. New values beyond
 * all training values count as one in n + 1.
 */
type JoinTails = (left: number, right: number, skew: number) => number;

const formatVersion = 1;
const minimumRows = 2;

export const ecod = tailDetector('ecod', (left, right, skew) =>
  Math.max(left, right, skewed(left, right, skew)),
);

export const copod = tailDetector('copod', (left, right, skew) =>
  Math.max((left + right) / 2, skewed(left, right, skew)),
);

/** The tail on the longer side; both where there is no longer one. */
function skewed(left: number, right: number, skew: number): number {
  if (skew === 0) return left + right;
  return skew < 0 ? left : right;
}

function tailDetector(name: string, join: JoinTails): DetectorEntry {
  return {
    detector: {
      name,
      kind: 'points',
      minimumRows,
      async fit(data: Matrix, given: Partial<PointOptions>, _random, run) {
        const options = withDefaults(defaultPointOptions, given);
        const { standardization, standardized } = prepare(data, options, minimumRows, run);
        const sorted = new Float32Array(data.values.length);
        const skews = new Float64Array(data.d);
        for (let column = 0; column < data.d; column++) {
          const values = columnOf(standardized, column);
          skews[column] = skewSign(values);
          sorted.set(values.sort(), column * data.n);
        }
        const model = pointModel(sorted, skews, join);
        const parts = { name, formatVersion, standardization, model };
        return Promise.resolve(fittedOn(standardized, options.contamination, parts));
      },
    },
    fromBytes(bytes) {
      const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
      const model = pointModel(arrays['sorted'] as Float32Array, arrays['skews'] as Float64Array, join);
      const standardization = standardizationFrom(arrays);
      return fittedPoints({
        name,
        formatVersion,
        standardization,
        model,
        threshold: Number(parameters['threshold']),
      });
    },
  };
}

/** @param sorted the training values of each column, ascending, column after column. */
function pointModel(sorted: Float32Array, skews: Float64Array, join: JoinTails): PointModel {
  const d = skews.length;
  const n = sorted.length / d;
  const surprise = (row: Float32Array, column: number): number => {
    const from = column * n;
    const value = row[column]!;
    const upTo = countBelow(sorted, from, n, value, true);
    const below = countBelow(sorted, from, n, value, false);
    return join(surpriseOf(upTo, n), surpriseOf(n - below, n), skews[column]!);
  };
  return {
    score: (standardized) =>
      Float64Array.from({ length: standardized.n }, (_, at) => {
        const row = rowOf(standardized, at);
        let sum = 0;
        for (let column = 0; column < d; column++) sum += surprise(row, column);
        return sum;
      }),
    explain: (row) => Float64Array.from({ length: d }, (_, column) => surprise(row, column)),
    content: { parameters: {}, arrays: { sorted, skews } },
  };
}

function surpriseOf(count: number, n: number): number {
  return count > 0 ? -Math.log(count / n) : Math.log(n + 1);
}

/** Values below `value` among the `n` ascending ones from `from`; those equal to it too with `orEqual`. */
function countBelow(sorted: Float32Array, from: number, n: number, value: number, orEqual: boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[from + middle]!;
    if (other < value || (orEqual && other === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sign of the third central moment; 0 for a column without spread. */
function skewSign(values: Float64Array): number {
  const mean = meanOf(values);
  if (deviationOf(values, mean) === 0) return 0;
  let cubes = 0;
  for (const value of values) cubes += (value - mean) ** 3;
  return Math.sign(cubes);
}
