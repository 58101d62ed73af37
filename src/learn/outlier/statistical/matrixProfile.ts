import { decodeModel } from '../../binary';
import { checkMatrix, rowOf, type Matrix } from '../../matrix';
import { breathe, checkAborted } from '../../run';
import { defaultExclusion, LeftProfileStream } from '../../series';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { DetectorEntry, FittedDetector } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import {
  defaultCombination,
  fittedColumns,
  requireCombination,
  scoreColumns,
  type ColumnCombination,
  type ColumnOptions,
  type ColumnTracker,
} from './columnDetector';
import { columnOf, meanOf } from './scale';

/**
 * `matrix_profile`: how unlike the shape of the latest rows is to every shape remembered, the last of the training rows among
 * them; each column by its z-normalised distance, as a share of the distance between windows that have nothing in
 * common. The first rows scored, until they fill a window, score 0.
 */
export interface MatrixProfileDetectorOptions extends ColumnOptions {
  /** Rows of a window, from 3 up; cut to a fifth of the training rows. */
  readonly window: number;
  /** Windows remembered: an update takes time in proportion. */
  readonly memory: number;
  /** Whether a single like window is passed over, so that an anomaly seen once before is one still. */
  readonly passTwin: boolean;
  readonly contamination: number;
}

const name = 'matrix_profile';
const formatVersion = 1;
const minimumRows = 20;
const windowsInTraining = 5;
/** So many times the memory, of training rows, for the threshold. */
const memoriesJudged = 4;
const defaults: MatrixProfileDetectorOptions = {
  window: 32,
  memory: 512,
  passTwin: true,
  combine: defaultCombination,
  contamination: defaultContamination,
};

type Shape = Pick<MatrixProfileDetectorOptions, 'window' | 'memory' | 'passTwin'>;

interface Fitted extends Shape {
  readonly combine: ColumnCombination;
  readonly threshold: number;
  readonly centers: Float64Array;
  /** The last training rows, from which the streams are built again. */
  readonly tail: Matrix;
}

export const matrixProfileDetector: DetectorEntry = {
  // Every column is compared with its whole training.
  mostColumns: 8,
  detector: {
    name,
    kind: 'series',
    minimumRows,
    async fit(data: Matrix, given: Partial<MatrixProfileDetectorOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      requireWhole('window', options.window, 3);
      requireWhole('memory', options.memory, 16);
      requireOption('passTwin', options.passTwin, typeof options.passTwin === 'boolean', 'true or false');
      requireCombination(options.combine);
      requireContamination(options.contamination);
      checkMatrix(data, { minimumRows });
      checkAborted(run);
      const window = Math.max(3, Math.min(options.window, Math.floor(data.n / windowsInTraining)));
      const shape = { window, memory: options.memory, passTwin: options.passTwin };
      const centers = Float64Array.from({ length: data.d }, (_, column) => meanOf(columnOf(data, column)));
      run?.onProgress?.({ stage: name, done: 0, total: 1 });
      await breathe(run);
      // The last rows alone tell what is usual: earlier ones would be forgotten again.
      const judged = lastRows(data, memoriesJudged * options.memory + window);
      const scores = scoreColumns(follow(streamsOf(shape, centers), window), judged, options.combine);
      // The first windows have little to be like: in the second half, all shapes that recur were seen.
      const threshold = contaminationThreshold(scores.subarray(judged.n >> 1), options.contamination);
      const tail = lastRows(data, options.memory + window);
      run?.onProgress?.({ stage: name, done: 1, total: 1 });
      return fittedDetector({ ...shape, combine: options.combine, threshold, centers, tail });
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const d = Number(parameters['columns']);
    const values = arrays['tail'] as Float32Array;
    return fittedDetector({
      window: Number(parameters['window']),
      memory: Number(parameters['memory']),
      passTwin: parameters['passTwin'] === true,
      combine: parameters['combine'] as ColumnCombination,
      threshold: Number(parameters['threshold']),
      centers: arrays['centers'] as Float64Array,
      tail: { values, n: values.length / d, d },
    });
  },
};

function lastRows({ values, n, d }: Matrix, most: number): Matrix {
  const rows = Math.min(n, most);
  return { values: values.slice((n - rows) * d), n: rows, d };
}

function streamsOf({ window, memory, passTwin }: Shape, centers: Float64Array): LeftProfileStream[] {
  return Array.from(
    centers,
    (center) => new LeftProfileStream(window, defaultExclusion(window), memory, passTwin, center),
  );
}

/** Follows the columns in the streams themselves. */
function follow(streams: readonly LeftProfileStream[], window: number): ColumnTracker {
  // The distance between two windows whose correlation is 0.
  const unlike = Math.sqrt(2 * window);
  return {
    step(row, deviations) {
      for (let column = 0; column < streams.length; column++) {
        deviations[column] = streams[column]!.step(row[column]!) / unlike;
      }
    },
  };
}

function fittedDetector(fitted: Fitted): FittedDetector {
  const { window, memory, passTwin, centers, tail } = fitted;
  const streams = streamsOf(fitted, centers);
  const tracker = follow(streams, window);
  const ignored = new Float64Array(tail.d);
  for (let row = 0; row < tail.n; row++) tracker.step(rowOf(tail, row), ignored);
  streams.forEach((stream) => stream.restart());
  return fittedColumns({
    name,
    kind: 'series',
    formatVersion,
    d: tail.d,
    combine: fitted.combine,
    threshold: fitted.threshold,
    content: { parameters: { window, memory, passTwin }, arrays: { centers, tail: tail.values } },
    start: () =>
      follow(
        streams.map((stream) => stream.copy()),
        window,
      ),
  });
}
