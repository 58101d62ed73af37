import { decodeModel } from '../../../binary';
import { checkMatrix, rowOf, type Matrix } from '../../../matrix';
import { breathe, checkAborted } from '../../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../../contamination';
import type { DetectorEntry, FittedDetector } from '../../detector';
import { requireWhole, withDefaults } from '../../detectorOptions';
import {
  defaultCombination,
  fittedColumns,
  requireCombination,
  scoreColumns,
  type ColumnCombination,
  type ColumnOptions,
  type ColumnTracker,
} from '../columnDetector';
import { NoveltyStream } from './noveltyStream';

/**
 * `novelty`: the mean surprise of several views of each column (see noveltyStream.ts). Scored rows are taken to follow
 * the training rows, so that the time of day goes on.
 */
export interface NoveltyDetectorOptions extends ColumnOptions {
  /** Rows of a day, from 24 up; 0 where that is not known: the view by the time of day is then left out. */
  readonly rowsPerDay: number;
  /** Rows that make a column known, of which windows are shares; cut to the training rows. */
  readonly learningRows: number;
  /** Values remembered by each view. */
  readonly memory: number;
  readonly contamination: number;
}

const name = 'novelty';
const formatVersion = 1;
const minimumRows = 20;
const leastMemory = 64;
const leastRowsPerDay = 24;
const defaults: NoveltyDetectorOptions = {
  rowsPerDay: 0,
  learningRows: 750,
  memory: 4_096,
  combine: defaultCombination,
  contamination: defaultContamination,
};

interface Fitted extends Pick<NoveltyDetectorOptions, 'rowsPerDay' | 'learningRows' | 'memory'> {
  readonly combine: ColumnCombination;
  readonly threshold: number;
  /** The last training rows, from which the streams are built again. */
  readonly tail: Matrix;
}

export const novelty: DetectorEntry = {
  // Every column has its own views.
  mostColumns: 8,
  detector: {
    name,
    kind: 'series',
    minimumRows,
    async fit(data: Matrix, given: Partial<NoveltyDetectorOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      requireWhole('rowsPerDay', options.rowsPerDay, 0);
      if (options.rowsPerDay !== 0) requireWhole('rowsPerDay', options.rowsPerDay, leastRowsPerDay);
      requireWhole('learningRows', options.learningRows, minimumRows);
      requireWhole('memory', options.memory, leastMemory);
      requireCombination(options.combine);
      requireContamination(options.contamination);
      checkMatrix(data, { minimumRows });
      checkAborted(run);
      const tailRows = Math.min(data.n, options.memory);
      const values = data.values.slice((data.n - tailRows) * data.d);
      const tail = { values, n: tailRows, d: data.d };
      const learningRows = Math.min(options.learningRows, data.n);
      const fitted = { ...options, learningRows, tail, threshold: 0 };
      run?.onProgress?.({ stage: name, done: 0, total: 1 });
      await breathe(run);
      const scores = scoreColumns(follow(streamsOf(fitted), options.rowsPerDay, 0), tail, options.combine);
      run?.onProgress?.({ stage: name, done: 1, total: 1 });
      // In the first half, much is new that recurs.
      const threshold = contaminationThreshold(scores.subarray(tail.n >> 1), options.contamination);
      return fittedDetector({ ...fitted, threshold });
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const d = Number(parameters['columns']);
    const values = arrays['tail'] as Float32Array;
    return fittedDetector({
      rowsPerDay: Number(parameters['rowsPerDay']),
      learningRows: Number(parameters['learningRows']),
      memory: Number(parameters['memory']),
      combine: parameters['combine'] as ColumnCombination,
      threshold: Number(parameters['threshold']),
      tail: { values, n: values.length / d, d },
    });
  },
};

function streamsOf({ learningRows, memory, tail }: Fitted): NoveltyStream[] {
  return Array.from({ length: tail.d }, () => new NoveltyStream({ learningLength: learningRows, memory }));
}

/** Follows the columns in the streams themselves. @param firstRow place of the first row in its day, in rows. */
function follow(streams: readonly NoveltyStream[], rowsPerDay: number, firstRow: number): ColumnTracker {
  let next = firstRow;
  return {
    step(row, deviations) {
      const timeOfDay = rowsPerDay > 0 ? (next++ % rowsPerDay) / rowsPerDay : undefined;
      for (let column = 0; column < streams.length; column++) {
        deviations[column] = streams[column]!.update(row[column]!, timeOfDay);
      }
    },
  };
}

function fittedDetector(fitted: Fitted): FittedDetector {
  const { rowsPerDay, learningRows, memory, tail } = fitted;
  const streams = streamsOf(fitted);
  const tracker = follow(streams, rowsPerDay, 0);
  const ignored = new Float64Array(tail.d);
  for (let row = 0; row < tail.n; row++) tracker.step(rowOf(tail, row), ignored);
  return fittedColumns({
    name,
    kind: 'series',
    formatVersion,
    d: tail.d,
    combine: fitted.combine,
    threshold: fitted.threshold,
    content: { parameters: { rowsPerDay, learningRows, memory }, arrays: { tail: tail.values } },
    start: () =>
      follow(
        streams.map((stream) => stream.copy()),
        rowsPerDay,
        tail.n,
      ),
  });
}
