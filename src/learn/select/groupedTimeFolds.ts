import { QuarterdeckError } from '../../contracts';
import { requireFolds, invalidOption, type Fold, type Splits } from './folds';

export interface GroupedTimeOptions {
  /** Training rows of a group nearer than this in time to a test row of the group are left out. Default 0. */
  readonly gap?: number;
}

/**
 * Folds for rows that resemble their neighbours in time: time is cut into as many periods as there are folds, with
 * about as many rows in each, and every group's rows of a period are tested together. The periods of a fold differ
 * from group to group, so that each fold sees all of the time and every group. With one group these are blocked
 * folds (Bergmeir and Benítez 2012); the gap purges the training rows whose windows reach into the test rows
 * (López de Prado 2018).
 *
 * @param groups n group numbers or names, e.g. instances. @param times n times in any order and any unit, which is
 *   the gap's unit too.
 * @throws DATA_RAGGED, DATA_NOT_FINITE naming the row, DATA_TOO_FEW_ROWS, PARAMETER_INVALID.
 */
export function groupedTimeFolds(
  groups: ArrayLike<number | string>,
  times: ArrayLike<number>,
  folds: number,
  options: GroupedTimeOptions = {},
): Splits {
  const n = times.length;
  if (groups.length !== n) {
    throw new QuarterdeckError('DATA_RAGGED', `${groups.length} groups for ${n} times`, {
      culprit: { row: Math.min(groups.length, n) },
    });
  }
  requireFolds(folds, n);
  const { gap = 0 } = options;
  if (!(gap >= 0 && Number.isFinite(gap))) throw invalidOption('gap', gap, 'a finite number of at least 0');
  const starts = periodStarts(times, folds);
  const ranks = new Map<number | string, number>();
  const groupOf = new Int32Array(n);
  const foldOf = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const group = groups[row]!;
    if (!ranks.has(group)) ranks.set(group, ranks.size);
    groupOf[row] = ranks.get(group)!;
  }
  // Names in order, so that the order of rows plays no part.
  const inOrder = [...ranks.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const shiftOf = new Int32Array(ranks.size);
  inOrder.forEach((group, place) => (shiftOf[ranks.get(group)!] = place));
  for (let row = 0; row < n; row++) {
    foldOf[row] = (periodOf(starts, times[row]!) + shiftOf[groupOf[row]!]!) % folds;
  }
  const nearest = nearestOtherFold(groupOf, ranks.size, times, foldOf, gap);
  const made = Array.from({ length: folds }, (_, fold): Fold => {
    const train: number[] = [];
    const test: number[] = [];
    for (let row = 0; row < n; row++) {
      if (foldOf[row] === fold) test.push(row);
      else if (!nearest(row, fold)) train.push(row);
    }
    return { train: Int32Array.from(train), test: Int32Array.from(test) };
  });
  return { method: 'grouped-time', comparisonOnly: false, folds: made };
}

/** First time of each period; rows at the same time share theirs. */
function periodStarts(times: ArrayLike<number>, periods: number): Float64Array {
  const sorted = Float64Array.from(times);
  const row = sorted.findIndex((time) => !Number.isFinite(time));
  if (row >= 0) {
    throw new QuarterdeckError('DATA_NOT_FINITE', `the time of row ${row} is ${times[row]}`, {
      culprit: { row },
    });
  }
  sorted.sort();
  return Float64Array.from({ length: periods }, (_, period) =>
    period === 0 ? -Infinity : sorted[Math.floor((period * sorted.length) / periods)]!,
  );
}

function periodOf(starts: Float64Array, time: number): number {
  let period = starts.length - 1;
  while (starts[period]! > time) period--;
  return period;
}

/** Whether a row lies within the gap of a row of its group that the fold tests. */
function nearestOtherFold(
  groupOf: Int32Array,
  groups: number,
  times: ArrayLike<number>,
  foldOf: Int32Array,
  gap: number,
): (row: number, fold: number) => boolean {
  if (gap === 0) return () => false;
  const order = Array.from({ length: groups }, (): number[] => []);
  groupOf.forEach((group, row) => order[group]!.push(row));
  const purged = new Set<number>();
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  for (const rows of order) {
    rows.sort((a, b) => times[a]! - times[b]!);
    // Looking from each row to the last row of every fold before it, then the same backwards.
    for (const direction of [1, -1]) {
      const lastOf = new Float64Array(folds).fill(direction === 1 ? -Infinity : Infinity);
      for (let step = 0; step < rows.length; step++) {
        const row = rows[direction === 1 ? step : rows.length - 1 - step]!;
        for (let fold = 0; fold < folds; fold++) {
          if (fold !== foldOf[row] && Math.abs(times[row]! - lastOf[fold]!) < gap)
            purged.add(row * folds + fold);
        }
        lastOf[foldOf[row]!] = times[row]!;
      }
    }
  }
  return (row, fold) => purged.has(row * folds + fold);
}
