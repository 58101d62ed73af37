import { QuarterdeckError } from '../../contracts';
import { checkAborted, type RunControl } from '../run';
import type { Splits } from './folds';

export interface CrossValidation {
  readonly method: Splits['method'];
  readonly comparisonOnly: boolean;
  /** Score of each fold; null where it cannot be judged, for want of a class. */
  readonly scores: readonly (number | null)[];
  /** Mean over the folds that could be judged; null when none could. */
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  /** What each row was given by the model that had not seen it; NaN for rows that no fold tests. */
  readonly outOfFold: Float64Array;
}

/**
 * Learns on each fold's training rows and judges on its test rows.
 * @param predict learns from `train` and gives a score for each row of `test`. It may leave a fold out by answering
 *   undefined, for instance when one class is missing there.
 * @param score of the test rows, e.g. `averagePrecision`; a fold for which it throws LABELS_ONE_CLASS has none.
 * @throws DATA_RAGGED when `predict` answers another number of rows; what `predict` throws; ABORTED.
 */
export async function crossValidate(
  splits: Splits,
  labels: ArrayLike<number>,
  predict: (
    train: Int32Array,
    test: Int32Array,
    fold: number,
  ) => Promise<ArrayLike<number> | undefined> | ArrayLike<number> | undefined,
  score: (scores: Float64Array, labels: Uint8Array) => number,
  run?: RunControl,
): Promise<CrossValidation> {
  const outOfFold = new Float64Array(labels.length).fill(Number.NaN);
  const scores: (number | null)[] = [];
  for (const [index, { train, test }] of splits.folds.entries()) {
    checkAborted(run);
    const given = await predict(train, test, index);
    if (given && given.length !== test.length) {
      throw new QuarterdeckError(
        'DATA_RAGGED',
        `${given.length} scores for ${test.length} rows of fold ${index}`,
        {
          culprit: { row: Math.min(given.length, test.length) },
        },
      );
    }
    if (given) test.forEach((row, place) => (outOfFold[row] = given[place]!));
    scores.push(given ? judged(Float64Array.from(given), test, labels, score) : null);
    run?.onProgress?.({ stage: 'folds', done: index + 1, total: splits.folds.length });
  }
  const known = scores.filter((value) => value !== null);
  const mean = known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  const variance =
    mean === null || known.length < 2
      ? null
      : known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  return {
    method: splits.method,
    comparisonOnly: splits.comparisonOnly,
    scores,
    mean,
    standardDeviation: variance === null ? null : Math.sqrt(variance),
    outOfFold,
  };
}

function judged(
  scores: Float64Array,
  test: Int32Array,
  labels: ArrayLike<number>,
  score: (scores: Float64Array, labels: Uint8Array) => number,
): number | null {
  try {
    return score(
      scores,
      Uint8Array.from(test, (row) => labels[row]!),
    );
  } catch (error) {
    if (error instanceof QuarterdeckError && error.code === 'LABELS_ONE_CLASS') return null;
    throw error;
  }
}
