import type { Random } from '../../../contracts';
import { decodeModel, encodeModel } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorEntry, FittedDetector } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { checkQueries, queryRow } from '../queries';
import { fitColumnScale, standardize, standardizeRow, type ColumnScale } from '../residual/columnScale';
import { rowStream } from '../rowStream';
import { averagePathLength } from './averagePathLength';
import { growSlopedTrees, slopedPathLength, slopedShortening, type SlopedTrees } from './slopedTrees';

/**
 * Extended Isolation Forest (Hariri, Carrasco Kind and Brunner 2019): splits by planes of any slope, where those of
 * an isolation forest are all along the axes and leave ghosts of low scores beside the data. Columns are
 * standardised first, as slopes mix them.
 */
export interface ExtendedIsolationForestOptions {
  /** Default 100. */
  readonly trees: number;
  /** Rows that each tree is grown from. Default 256. */
  readonly samples: number;
  /** Columns that a plane leans on, less one: 0 is an isolation forest, −1 (default) leans on all. */
  readonly extensionLevel: number;
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

const defaults: ExtendedIsolationForestOptions = {
  trees: 100,
  samples: 256,
  extensionLevel: -1,
  contamination: defaultContamination,
};

const kind = 'extended_isolation_forest';
const formatVersion = 1;
const minimumRows = 2;
/** Far beyond any spread that tells anomalies apart; keeps products finite. */
const clip = 1e6;
const rowsPerBreath = 1024;
const treesPerReport = 10;

interface ForestState {
  readonly d: number;
  readonly scale: ColumnScale;
  readonly trees: SlopedTrees;
  readonly samples: number;
  readonly threshold: number;
}

async function fit(
  data: Matrix,
  options: Partial<ExtendedIsolationForestOptions>,
  random: Random,
  run?: RunControl,
): Promise<FittedDetector> {
  checkMatrix(data, { minimumRows });
  const {
    trees: treeCount,
    samples: wanted,
    extensionLevel,
    contamination,
  } = withDefaults(defaults, options);
  requireWhole('trees', treeCount, 1, 100_000);
  requireWhole('samples', wanted, 2);
  const leaning = Number.isInteger(extensionLevel) && extensionLevel >= -1 && extensionLevel < data.d;
  requireOption('extensionLevel', extensionLevel, leaning, `a whole number from −1 to ${data.d - 1}`);
  requireContamination(contamination);
  checkAborted(run);
  const scale = fitColumnScale(data, clip);
  const samples = Math.min(wanted, data.n);
  const leanOn = extensionLevel < 0 ? data.d : extensionLevel + 1;
  const trees = growSlopedTrees(standardize(scale, data), { treeCount, samples, leanOn }, random, (grown) => {
    if (grown % treesPerReport !== 0) return;
    run?.onProgress?.({ stage: 'trees', done: grown, total: treeCount });
    checkAborted(run);
  });
  const scorer = rowScorer({ d: data.d, scale, trees, samples });
  const scores = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) {
    scores[row] = scorer(data, row);
    if (row % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'scores', done: row, total: data.n });
      await breathe(run);
    }
  }
  const threshold = contaminationThreshold(scores, contamination);
  return fittedForest({ d: data.d, scale, trees, samples, threshold });
}

function rowScorer({
  d,
  scale,
  trees,
  samples,
}: Omit<ForestState, 'threshold'>): (data: Matrix, row: number) => number {
  const standardized = new Float64Array(d);
  const normalizer = averagePathLength(samples);
  return ({ values }, row) => {
    standardizeRow(scale, values.subarray(row * d, (row + 1) * d), standardized);
    return 2 ** (-slopedPathLength(trees, standardized) / normalizer);
  };
}

function fittedForest(state: ForestState): FittedDetector {
  const { d, scale, trees, threshold } = state;
  const score = (data: Matrix, run?: RunControl): Float64Array => {
    checkQueries(data, d);
    checkAborted(run);
    const scorer = rowScorer(state);
    return Float64Array.from({ length: data.n }, (_, row) => scorer(data, row));
  };
  return {
    name: kind,
    kind: 'points',
    d,
    threshold,
    score,
    explain(data, row) {
      const standardized = new Float64Array(d);
      standardizeRow(scale, queryRow(data, row, d), standardized);
      return slopedShortening(trees, standardized);
    },
    stream: () => rowStream(d, score),
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: { d, samples: state.samples, clip: scale.clip, threshold },
        arrays: {
          center: scale.center,
          scale: scale.scale,
          roots: trees.roots,
          left: trees.left,
          normals: trees.normals,
          offsets: trees.offsets,
          pathLength: trees.pathLength,
        },
      }),
  };
}

function fromBytes(bytes: Uint8Array): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  return fittedForest({
    d: Number(parameters['d']),
    samples: Number(parameters['samples']),
    threshold: Number(parameters['threshold']),
    scale: {
      center: arrays['center'] as Float64Array,
      scale: arrays['scale'] as Float64Array,
      clip: Number(parameters['clip']),
    },
    trees: {
      roots: arrays['roots'] as Int32Array,
      left: arrays['left'] as Int32Array,
      normals: arrays['normals'] as Float32Array,
      offsets: arrays['offsets'] as Float64Array,
      pathLength: arrays['pathLength'] as Float64Array,
    },
  });
}

export const extendedIsolationForest: DetectorEntry = {
  detector: {
    name: kind,
    kind: 'points',
    minimumRows,
    fit,
  } satisfies Detector<ExtendedIsolationForestOptions>,
  fromBytes,
};
