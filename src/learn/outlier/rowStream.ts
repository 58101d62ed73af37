import { matrix, type Matrix } from '../matrix';
import type { StreamingScorer } from './detector';
import { checkStreamedRow } from './queries';

/** The stream of a detector that sees each row for itself: nothing is remembered between rows. */
export function rowStream(d: number, score: (data: Matrix) => Float64Array): StreamingScorer {
  return {
    update(row) {
      checkStreamedRow(row, d);
      return score(matrix(row, 1, d))[0]!;
    },
  };
}
