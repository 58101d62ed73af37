import { QuarterdeckError } from '../../contracts';
import { checkMatrix, rowOf, type Matrix } from '../matrix';

/**
 * Refuses what a detector fitted on `d` columns cannot score.
 * @throws DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, DATA_WIDTH_MISMATCH.
 */
export function checkQueries(data: Matrix, d: number): void {
  checkMatrix(data);
  checkWidth(data.d, d);
}

/** One row, for `explain`. @throws what `checkQueries` throws, and PARAMETER_INVALID when there is no such row. */
export function queryRow(data: Matrix, row: number, d: number): Float32Array {
  checkQueries(data, d);
  if (!Number.isInteger(row) || row < 0 || row >= data.n) {
    throw new QuarterdeckError('PARAMETER_INVALID', `there is no row ${row} among ${data.n}`, {
      culprit: { option: 'row', row },
    });
  }
  return rowOf(data, row);
}

/** For streams. @throws DATA_NOT_FINITE naming the column, DATA_WIDTH_MISMATCH. */
export function checkStreamedRow(row: Float32Array, d: number): void {
  checkWidth(row.length, d);
  for (let column = 0; column < d; column++) {
    if (Number.isFinite(row[column]!)) continue;
    throw new QuarterdeckError('DATA_NOT_FINITE', `column ${column} is ${row[column]}`, {
      culprit: { column },
    });
  }
}

function checkWidth(width: number, d: number): void {
  if (width === d) return;
  throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `the data has ${width} columns, the detector ${d}`);
}
