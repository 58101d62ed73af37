import type { Matrix } from '../../matrix';
import { categoryFinder, columnsOfTable, describeCategory, type CategoryTable } from './categories';

/**
 * How rows become what the trees look at: columns of numbers as they are, then the statistics of each table of
 * categories.
 */
export interface Encoding {
  /** Columns of the data. */
  readonly d: number;
  /** Training rows. */
  readonly n: number;
  /** Columns that are not categorical. */
  readonly numeric: readonly number[];
  readonly tables: readonly CategoryTable[];
}

export function encodedColumns({ numeric, tables }: Encoding): number {
  return numeric.length + tables.length * columnsOfTable;
}

/** Columns of the data that each encoded column speaks of. */
export function sourcesOf({ numeric, tables }: Encoding): (readonly number[])[] {
  return [
    ...numeric.map((column) => [column]),
    ...tables.flatMap(({ columns }) => Array.from({ length: columnsOfTable }, () => columns)),
  ];
}

/** Encodes new rows; the data itself where nothing is categorical. @throws PARAMETER_INVALID as `categorize`. */
export function encode(encoding: Encoding, data: Matrix): Matrix {
  const { numeric, tables, n: trained } = encoding;
  if (tables.length === 0) return data;
  const width = encodedColumns(encoding);
  const values = new Float32Array(data.n * width);
  const finders = tables.map((table) => categoryFinder(table));
  for (let row = 0; row < data.n; row++) {
    const start = row * width;
    numeric.forEach((column, index) => (values[start + index] = data.values[row * data.d + column]!));
    tables.forEach((table, index) => {
      const described = describeCategory(table, finders[index]!(data, row), trained);
      values.set(described, start + numeric.length + index * columnsOfTable);
    });
  }
  return { values, n: data.n, d: width };
}

/** Sums of encoded columns by the column they speak of; those of a pair are shared evenly. */
export function foldColumns(encoding: Encoding, encoded: ArrayLike<number>, offset = 0): Float64Array {
  const folded = new Float64Array(encoding.d);
  sourcesOf(encoding).forEach((columns, index) => {
    for (const column of columns) folded[column]! += encoded[offset + index]! / columns.length;
  });
  return folded;
}
