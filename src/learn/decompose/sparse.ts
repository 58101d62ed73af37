import { QuarterdeckError } from '../../contracts';

/** Compressed sparse rows: row r holds `indices[indptr[r] … indptr[r + 1])` and the values beside them. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Length rows + 1. */
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** One row as pairs of column and value, in any order; a column may occur once. */
export type SparseRow = ReadonlyMap<number, number>;

/** @throws DATA_RAGGED naming the row whose column is outside the width. */
export function sparseFromRows(rows: readonly SparseRow[], columns: number): SparseMatrix {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    indptr[index + 1] = indptr[index]! + row.size;
  });
  const indices = new Int32Array(indptr[rows.length]!);
  const values = new Float32Array(indices.length);
  rows.forEach((row, index) => {
    let at = indptr[index]!;
    for (const column of [...row.keys()].sort((a, b) => a - b)) {
      if (column < 0 || column >= columns) {
        throw new QuarterdeckError('DATA_RAGGED', `row ${index} has column ${column} of ${columns}`, {
          culprit: { row: index, column },
        });
      }
      indices[at] = column;
      values[at++] = row.get(column)!;
    }
  });
  return { rows: rows.length, columns, indptr, indices, values };
}
