import { decodeModel } from '../../binary';
import type { Matrix } from '../../matrix';
import type { DetectorEntry } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { differencesTo, NearestRows, type Nearest } from './nearestRows';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, sampleRows, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `nearest_neighbors`: distance to the training rows nearby (Ramaswamy, Rastogi and Shim 2000). A training row is not its own
 * neighbour.
 */
export interface NearestNeighborOptions extends PointOptions {
  readonly neighbors: number;
  /** `largest`: distance to the last of the neighbours; `mean`: mean distance to all. */
  readonly distance: 'largest' | 'mean';
  /** Training rows to keep, taken by chance from more. */
  readonly mostRows: number;
}

const name = 'nearest_neighbors';
const formatVersion = 1;
const minimumRows = 3;
const defaults: NearestNeighborOptions = {
  ...defaultPointOptions,
  neighbors: 5,
  distance: 'largest',
  mostRows: 10_000,
};

export const nearestNeighborDistance: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<NearestNeighborOptions>, random, run) {
      const options = withDefaults(defaults, given);
      requireWhole('neighbors', options.neighbors, 1);
      requireWhole('mostRows', options.mostRows, minimumRows);
      requireOption(
        'distance',
        options.distance,
        ['largest', 'mean'].includes(options.distance),
        'largest or mean',
      );
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const reference = sampleRows(standardized, options.mostRows, random);
      const neighbors = Math.min(options.neighbors, reference.n - 1);
      const rows = new NearestRows(reference);
      const mean = options.distance === 'mean';
      const trainingScores = scoresOf(rows.searchOthers(neighbors, run), mean);
      const model = pointModel(rows, neighbors, mean);
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
      parameters['mean'] === true,
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

function pointModel(rows: NearestRows, neighbors: number, mean: boolean): PointModel {
  const { reference } = rows;
  return {
    score: (standardized, run) => scoresOf(rows.search(standardized, neighbors, run), mean),
    explain(row) {
      const { indices } = rows.search({ values: row, n: 1, d: reference.d }, neighbors);
      return differencesTo(row, reference, indices);
    },
    content: { parameters: { neighbors, mean }, arrays: { reference: reference.values } },
  };
}

function scoresOf({ distances, k }: Nearest, mean: boolean): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, row) => {
    const own = distances.subarray(row * k, (row + 1) * k);
    return mean ? own.reduce((sum, distance) => sum + distance, 0) / k : own[k - 1]!;
  });
}
