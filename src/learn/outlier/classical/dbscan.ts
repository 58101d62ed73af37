import { QuarterdeckError } from '../../../contracts';
import { decodeModel } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import { quantileOf } from '../contamination';
import type { DetectorEntry } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { differencesTo, NearestRows, type Nearest } from './nearestRows';
import { fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, sampleRows, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `dbscan`: distance to the nearest core row, in units of epsilon (Ester, Kriegel, Sander and Xu 1996). A core row has `minPoints`
 * training rows within epsilon, itself among them; a row farther than epsilon from every core row is noise, so the
 * threshold is 1.
 */
export interface DbscanOptions extends PointOptions {
  /**
   * Radius, above 0; `auto` takes the one within which all training rows but the share `contamination` have
   * `minPoints` rows.
   */
  readonly epsilon: number | 'auto';
  readonly minPoints: number;
  /** Training rows to look at, taken by chance from more. */
  readonly mostRows: number;
}

const name = 'dbscan';
const formatVersion = 1;
const minimumRows = 3;
const noiseThreshold = 1;
const defaults: DbscanOptions = {
  ...defaultPointOptions,
  epsilon: 'auto',
  minPoints: 5,
  mostRows: 10_000,
};
/** Radius where `auto` would give none, among identical rows. */
const leastEpsilon = 1e-6;

export const dbscan: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<DbscanOptions>, random, run) {
      const options = withDefaults(defaults, given);
      const { epsilon: wanted } = options;
      requireOption(
        'epsilon',
        wanted,
        wanted === 'auto' || (wanted > 0 && wanted < Infinity),
        'a number above 0, or auto',
      );
      requireWhole('minPoints', options.minPoints, 2);
      requireWhole('mostRows', options.mostRows, minimumRows);
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const sample = sampleRows(standardized, options.mostRows, random);
      // The row itself is one of its points.
      const others = Math.min(options.minPoints, sample.n) - 1;
      const reaches = lastDistances(new NearestRows(sample).searchOthers(others, run));
      const epsilon =
        wanted === 'auto' ? Math.max(leastEpsilon, quantileOf(reaches, 1 - options.contamination)) : wanted;
      const model = pointModel(new NearestRows(rowsWithin(sample, reaches, epsilon)), epsilon);
      const parts = { name, formatVersion, standardization, model, threshold: noiseThreshold };
      return Promise.resolve(fittedPoints(parts));
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const values = arrays['cores'] as Float32Array;
    const d = Number(parameters['columns']);
    const model = pointModel(
      new NearestRows({ values, n: values.length / d, d }),
      Number(parameters['epsilon']),
    );
    const standardization = standardizationFrom(arrays);
    return fittedPoints({ name, formatVersion, standardization, model, threshold: noiseThreshold });
  },
};

function lastDistances({ distances, k }: Nearest): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, row) => distances[(row + 1) * k - 1]!);
}

function rowsWithin(sample: Matrix, reaches: Float64Array, epsilon: number): Matrix {
  const cores = Array.from(reaches.keys()).filter((row) => reaches[row]! <= epsilon);
  if (cores.length === 0) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `no row has enough rows within an epsilon of ${epsilon}`,
      {
        culprit: { option: 'epsilon' },
      },
    );
  }
  const values = new Float32Array(cores.length * sample.d);
  cores.forEach((row, at) => values.set(rowOf(sample, row), at * sample.d));
  return { values, n: cores.length, d: sample.d };
}

function pointModel(cores: NearestRows, epsilon: number): PointModel {
  const { reference } = cores;
  return {
    score: (standardized, run) =>
      cores.search(standardized, 1, run).distances.map((distance) => distance / epsilon),
    explain(row) {
      const { indices } = cores.search({ values: row, n: 1, d: reference.d }, 1);
      return differencesTo(row, reference, indices).map((difference) => difference / epsilon);
    },
    content: { parameters: { epsilon }, arrays: { cores: reference.values } },
  };
}
