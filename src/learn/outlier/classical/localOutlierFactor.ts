import { decodeModel } from '../../binary';
import type { Matrix } from '../../matrix';
import type { DetectorEntry } from '../detector';
import { requireWhole, withDefaults } from '../detectorOptions';
import { differencesTo, NearestRows, type Nearest } from './nearestRows';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, sampleRows, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `local_outlier_factor`: how much thinner the data is around a row than around its neighbours (Breunig, Kriegel, Ng
 * and Sander 2000), for new rows as in scikit-learn with `novelty`. About 1 is as dense as the surroundings.
 */
export interface LocalOutlierOptions extends PointOptions {
  readonly neighbors: number;
  /** Training rows to keep, taken by chance from more. */
  readonly mostRows: number;
}

const name = 'local_outlier_factor';
const formatVersion = 1;
const minimumRows = 3;
const defaults: LocalOutlierOptions = { ...defaultPointOptions, neighbors: 20, mostRows: 10_000 };

/** Keeps densities finite among identical rows, as in scikit-learn. */
const leastReach = 1e-10;

export const localOutlierFactor: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<LocalOutlierOptions>, random, run) {
      const options = withDefaults(defaults, given);
      requireWhole('neighbors', options.neighbors, 1);
      requireWhole('mostRows', options.mostRows, minimumRows);
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const rows = new NearestRows(sampleRows(standardized, options.mostRows, random));
      const neighbors = Math.min(options.neighbors, rows.reference.n - 1);
      const nearest = rows.searchOthers(neighbors, run);
      const reaches = Float64Array.from(
        { length: rows.reference.n },
        (_, row) => nearest.distances[(row + 1) * neighbors - 1]!,
      );
      const densities = densitiesOf(nearest, reaches);
      const model = pointModel(rows, neighbors, reaches, densities);
      const trainingScores = factorsOf(nearest, densities, densities);
      const parts = { name, formatVersion, standardization, model };
      return Promise.resolve(fittedOn(standardized, options.contamination, parts, trainingScores));
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const values = arrays['reference'] as Float32Array;
    const d = Number(parameters['columns']);
    const model = pointModel(
      new NearestRows({ values, n: values.length / d, d }),
      Number(parameters['neighbors']),
      arrays['reaches'] as Float64Array,
      arrays['densities'] as Float64Array,
    );
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

function pointModel(
  rows: NearestRows,
  neighbors: number,
  reaches: Float64Array,
  densities: Float64Array,
): PointModel {
  const { reference } = rows;
  return {
    score(standardized, run) {
      const nearest = rows.search(standardized, neighbors, run);
      return factorsOf(nearest, densitiesOf(nearest, reaches), densities);
    },
    explain(row) {
      const { indices } = rows.search({ values: row, n: 1, d: reference.d }, neighbors);
      return differencesTo(row, reference, indices);
    },
    content: {
      parameters: { neighbors },
      arrays: { reference: reference.values, reaches, densities },
    },
  };
}

/** Local reachability densities: one over the mean of the neighbours' reach or, if larger, the distance to them. */
function densitiesOf({ indices, distances, k }: Nearest, reaches: Float64Array): Float64Array {
  return Float64Array.from({ length: indices.length / k }, (_, row) => {
    let sum = 0;
    for (let at = row * k; at < (row + 1) * k; at++) sum += Math.max(distances[at]!, reaches[indices[at]!]!);
    return 1 / (sum / k + leastReach);
  });
}

function factorsOf({ indices, k }: Nearest, own: Float64Array, densities: Float64Array): Float64Array {
  return own.map((density, row) => {
    let sum = 0;
    for (let at = row * k; at < (row + 1) * k; at++) sum += densities[indices[at]!]!;
    return sum / k / density;
  });
}
