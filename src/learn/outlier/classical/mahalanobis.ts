import type { Random } from '../../../contracts';
import { decodeModel } from '../../binary';
import { symmetricEigen } from '../../decompose';
import { rowOf, type Matrix } from '../../matrix';
import { breathe, type RunControl } from '../../run';
import type { DetectorEntry } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { medianOf } from '../statistical/scale';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, sampleRows, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `mahalanobis`: distance from the centre in units of the training rows' spread in that direction. By default centre and spread are those
 * of the half of the rows that lies closest together (minimum covariance determinant, Rousseeuw and Van Driessen
 * 1999), which outliers among the training rows cannot move.
 */
export interface MahalanobisOptions extends PointOptions {
  readonly robust: boolean;
  /** Training rows to look at, taken by chance from more. */
  readonly mostRows: number;
}

const name = 'mahalanobis';
const formatVersion = 1;
const minimumRows = 2;
const defaults: MahalanobisOptions = { ...defaultPointOptions, robust: true, mostRows: 2_000 };

/** Random halves that the search begins with. Two steps tell the good ones, and those go on until they no longer change. */
const starts = 10;
const firstConcentrations = 2;
const kept = 2;
const mostConcentrations = 30;
/** Directions with less of the largest variance than this are given this much: columns that depend on others have none. */
const leastVarianceShare = 1e-6;

interface Spread {
  readonly center: Float64Array;
  /** `d × d`. */
  readonly precision: Float64Array;
  readonly logDeterminant: number;
}

export const mahalanobis: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<MahalanobisOptions>, random, run) {
      const options = withDefaults(defaults, given);
      requireOption('robust', options.robust, typeof options.robust === 'boolean', 'true or false');
      requireWhole('mostRows', options.mostRows, minimumRows);
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const sample = sampleRows(standardized, options.mostRows, random);
      const all = Int32Array.from({ length: sample.n }, (_, row) => row);
      const spread = options.robust ? await concentrated(sample, random, run) : spreadOf(sample, all);
      const model = pointModel(spread);
      return fittedOn(standardized, options.contamination, { name, formatVersion, standardization, model });
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const model = pointModel({
      center: arrays['center'] as Float64Array,
      precision: arrays['precision'] as Float64Array,
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

/** The half of the rows with the smallest determinant found, its spread scaled to that of normal rows. */
async function concentrated(sample: Matrix, random: Random, run: RunControl | undefined): Promise<Spread> {
  const found: Spread[] = [];
  for (let start = 0; start < starts; start++) {
    const rows = drawRows(sample.n, Math.min(sample.n, sample.d + 1), random);
    found.push(concentrate(sample, spreadOf(sample, rows), firstConcentrations));
    run?.onProgress?.({ stage: 'concentration', done: start + 1, total: starts });
    await breathe(run);
  }
  const byDeterminant = (left: Spread, right: Spread): number => left.logDeterminant - right.logDeterminant;
  const [best] = found
    .sort(byDeterminant)
    .slice(0, kept)
    .map((spread) => concentrate(sample, spread, mostConcentrations))
    .sort(byDeterminant);
  const { center, precision, logDeterminant } = best!;
  const factor =
    medianOf(distancesOf(sample, best!).map((distance) => distance ** 2)) / medianChiSquare(sample.d);
  // Half of the rows at one place have no spread to scale.
  return factor > 0 ? { center, precision: precision.map((value) => value / factor), logDeterminant } : best!;
}

/** Takes the half of the rows that is nearest, again and again: its determinant never grows. */
function concentrate(sample: Matrix, begin: Spread, mostSteps: number): Spread {
  const size = Math.min(sample.n, Math.floor((sample.n + sample.d + 1) / 2));
  let spread = begin;
  for (let step = 0; step < mostSteps; step++) {
    const distances = distancesOf(sample, spread);
    const order = Int32Array.from(distances.keys()).sort((a, b) => distances[a]! - distances[b]! || a - b);
    const next = spreadOf(sample, order.subarray(0, size));
    const change = spread.logDeterminant - next.logDeterminant;
    spread = next;
    // The first rows drawn are fewer than half, so that their determinant may be the smaller.
    if (step > 0 && Math.abs(change) < leastChange) break;
  }
  return spread;
}

/** Of the logarithm of the determinant. */
const leastChange = 1e-9;

/** Wilson and Hilferty's approximation. */
function medianChiSquare(degrees: number): number {
  return degrees * (1 - 2 / (9 * degrees)) ** 3;
}

function drawRows(n: number, count: number, random: Random): Int32Array {
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  for (let at = 0; at < count; at++) {
    const other = at + random.integer(n - at);
    [rows[at], rows[other]] = [rows[other]!, rows[at]!];
  }
  return rows.subarray(0, count);
}

function spreadOf({ values, d }: Matrix, rows: Int32Array): Spread {
  const center = new Float64Array(d);
  for (const row of rows) {
    for (let column = 0; column < d; column++) center[column]! += values[row * d + column]! / rows.length;
  }
  const covariance = new Float64Array(d * d);
  for (const row of rows) {
    for (let left = 0; left < d; left++) {
      const difference = values[row * d + left]! - center[left]!;
      for (let right = 0; right <= left; right++) {
        covariance[left * d + right]! +=
          (difference * (values[row * d + right]! - center[right]!)) / rows.length;
      }
    }
  }
  for (let left = 0; left < d; left++) {
    for (let right = 0; right < left; right++) covariance[right * d + left] = covariance[left * d + right]!;
  }
  const { values: variances, vectors } = symmetricEigen(covariance, d);
  // Columns are standardised: where nothing varies at all, one is their scale.
  const least = leastVarianceShare * Math.max(variances[0]!, leastVarianceShare);
  const precision = new Float64Array(d * d);
  let logDeterminant = 0;
  variances.forEach((found, component) => {
    const variance = Math.max(found, least);
    logDeterminant += Math.log(variance);
    for (let left = 0; left < d; left++) {
      const scaled = vectors[component * d + left]! / variance;
      for (let right = 0; right < d; right++)
        precision[left * d + right]! += scaled * vectors[component * d + right]!;
    }
  });
  return { center, precision, logDeterminant };
}

function distancesOf(
  rows: Matrix,
  { center, precision }: Pick<Spread, 'center' | 'precision'>,
): Float64Array {
  const { d } = rows;
  const difference = new Float64Array(d);
  return Float64Array.from({ length: rows.n }, (_, at) => {
    const row = rowOf(rows, at);
    for (let column = 0; column < d; column++) difference[column] = row[column]! - center[column]!;
    let square = 0;
    for (let left = 0; left < d; left++) {
      let sum = 0;
      for (let right = 0; right < d; right++) sum += precision[left * d + right]! * difference[right]!;
      square += sum * difference[left]!;
    }
    return Math.sqrt(Math.max(0, square));
  });
}

function pointModel({ center, precision }: Pick<Spread, 'center' | 'precision'>): PointModel {
  const d = center.length;
  return {
    score: (standardized) => distancesOf(standardized, { center, precision }),
    /** What the squared distance loses when the column takes the value that the other columns let expect. */
    explain: (row) =>
      Float64Array.from({ length: d }, (_, left) => {
        let sum = 0;
        for (let right = 0; right < d; right++)
          sum += precision[left * d + right]! * (row[right]! - center[right]!);
        return sum ** 2 / precision[left * d + left]!;
      }),
    content: { parameters: {}, arrays: { center, precision } },
  };
}
