import { QuarterdeckError } from '../contracts';

/** `n × d` numbers, row-major. `values.length === n * d`. */
export interface Matrix {
  readonly values: Float32Array;
  readonly n: number;
  readonly d: number;
}

export function matrix(values: Float32Array, n: number, d: number): Matrix {
  if (values.length !== n * d) {
    throw new QuarterdeckError('DATA_RAGGED', `${values.length} values are not ${n} × ${d}`, {
      culprit: { row: n },
    });
  }
  return { values, n, d };
}

/** Row-major copy of equally wide rows. Throws DATA_RAGGED with the first row of another width. */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const d = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * d);
  rows.forEach((row, index) => {
    if (row.length !== d) {
      throw new QuarterdeckError('DATA_RAGGED', `row ${index} has ${row.length} columns, expected ${d}`, {
        culprit: { row: index },
      });
    }
    values.set(row, index * d);
  });
  return { values, n: rows.length, d };
}

/** A view on row `index`; nothing is copied. */
export function rowOf(data: Matrix, index: number): Float32Array {
  return data.values.subarray(index * data.d, (index + 1) * data.d);
}

/**
 * Refuses what no estimator can work with.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, or DATA_NOT_FINITE naming row and column.
 */
export function checkMatrix(data: Matrix, requirement: { minimumRows?: number } = {}): void {
  const { values, n, d } = data;
  if (values.length !== n * d) matrix(values, n, d);
  if (n === 0 || d === 0) throw new QuarterdeckError('DATA_EMPTY', `the data has ${n} rows and ${d} columns`);
  const minimumRows = requirement.minimumRows ?? 1;
  if (n < minimumRows) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${n} rows, at least ${minimumRows} are needed`);
  }
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index]!)) {
      const row = Math.floor(index / d);
      const column = index % d;
      throw new QuarterdeckError('DATA_NOT_FINITE', `row ${row}, column ${column} is ${values[index]}`, {
        culprit: { row, column },
      });
    }
  }
}
