import { decodeModel } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import { columnOf } from '../statistical/scale';
import type { DetectorEntry } from '../detector';
import { requireBetween, requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `histogram` (HBOS): each column by itself, the less dense the histogram's bin of a value the higher its score
 * (Goldstein and Dengel 2012), as in PyOD with a fixed number of bins of equal width.
 */
export interface HistogramOptions extends PointOptions {
  readonly bins: number;
  /** Added to every density, above 0 and below 1: what an empty bin counts for. */
  readonly regularization: number;
  /** How far outside, in widths of a bin, a value still belongs to the outermost bin. */
  readonly tolerance: number;
}

const name = 'histogram';
const formatVersion = 1;
const minimumRows = 2;
const defaults: HistogramOptions = { ...defaultPointOptions, bins: 10, regularization: 0.1, tolerance: 0.5 };
/** Half the width of all bins together in a column without spread, as in NumPy. */
const widthOfConstant = 0.5;

interface Histogram {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** `d × bins`: −log₂ of density and regularization. */
  readonly surprises: Float64Array;
  readonly tolerance: number;
}

export const histogram: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<HistogramOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      requireWhole('bins', options.bins, 2);
      requireBetween('regularization', options.regularization, 0, 1);
      requireOption('tolerance', options.tolerance, options.tolerance >= 0, 'a number from 0 up');
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const model = pointModel(histogramOf(standardized, options));
      const parts = { name, formatVersion, standardization, model };
      return Promise.resolve(fittedOn(standardized, options.contamination, parts));
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const model = pointModel({
      lows: arrays['lows'] as Float64Array,
      highs: arrays['highs'] as Float64Array,
      surprises: arrays['surprises'] as Float64Array,
      tolerance: Number(parameters['tolerance']),
    });
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

function histogramOf(data: Matrix, { bins, regularization, tolerance }: HistogramOptions): Histogram {
  const lows = new Float64Array(data.d);
  const highs = new Float64Array(data.d);
  const surprises = new Float64Array(data.d * bins);
  for (let column = 0; column < data.d; column++) {
    const values = columnOf(data, column);
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low === high) {
      low -= widthOfConstant;
      high += widthOfConstant;
    }
    lows[column] = low;
    highs[column] = high;
    const width = (high - low) / bins;
    const counts = new Float64Array(bins);
    for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]!++;
    counts.forEach((count, bin) => {
      surprises[column * bins + bin] = -Math.log2(count / (data.n * width) + regularization);
    });
  }
  return { lows, highs, surprises, tolerance };
}

function pointModel({ lows, highs, surprises, tolerance }: Histogram): PointModel {
  const d = lows.length;
  const bins = surprises.length / d;
  // Far outside a value is as surprising as in the emptiest bin.
  const most = Float64Array.from({ length: d }, (_, column) =>
    Math.max(...surprises.subarray(column * bins, (column + 1) * bins)),
  );
  // What the fullest bin says is the column's zero in explanations, which are never negative.
  const least = Float64Array.from({ length: d }, (_, column) =>
    Math.min(...surprises.subarray(column * bins, (column + 1) * bins)),
  );
  const surprise = (row: Float32Array, column: number): number => {
    const value = row[column]!;
    const low = lows[column]!;
    const high = highs[column]!;
    const width = (high - low) / bins;
    const outside = Math.max(low - value, value - high);
    if (outside > tolerance * width) return most[column]!;
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((value - low) / width)));
    return surprises[column * bins + bin]!;
  };
  return {
    score: (standardized) =>
      Float64Array.from({ length: standardized.n }, (_, at) => {
        const row = rowOf(standardized, at);
        let sum = 0;
        for (let column = 0; column < d; column++) sum += surprise(row, column);
        return sum;
      }),
    explain: (row) => Float64Array.from({ length: d }, (_, column) => surprise(row, column) - least[column]!),
    content: { parameters: { tolerance }, arrays: { lows, highs, surprises } },
  };
}
