import { QuarterdeckError } from '../../contracts';
import { canonical } from './microseconds';
import type { Column, ColumnKind } from './tables';

/** A value checked against its column, in the one form that both engines encode from. */
export type Cell = string | number | Float32Array | null;

/** Half of a surrogate pair, which UTF-8 cannot carry; both engines store the replacement character instead. */
const loneSurrogate = /\p{Surrogate}/gu;

const checks: Readonly<Record<ColumnKind, (value: unknown) => NonNullable<Cell>>> = {
  text: (value) => {
    if (typeof value !== 'string') throw new TypeError(`expected text, got ${typeof value}`);
    return value.replace(loneSurrogate, '\ufffd');
  },
  timestamp: (value) => {
    if (typeof value !== 'string') throw new TypeError(`expected a timestamp, got ${typeof value}`);
    return canonical(value);
  },
  integer: (value) => {
    if (!Number.isSafeInteger(value)) throw new TypeError(`expected an integer, got ${String(value)}`);
    return value as number;
  },
  float: (value) => {
    if (!Number.isFinite(value)) throw new TypeError(`expected a finite number, got ${String(value)}`);
    return value as number;
  },
  vector: (value) => {
    if (!(value instanceof Float32Array)) throw new TypeError('expected a Float32Array');
    // Not `every`: its call per element shows in a batch of thousands of vectors.
    for (let at = 0; at < value.length; at++) {
      if (!Number.isFinite(value[at])) throw new TypeError(`expected finite numbers, element ${at} is not`);
    }
    return value;
  },
  counts: (value) => JSON.stringify(value),
  json: (value) => JSON.stringify(value).replace(loneSurrogate, '\ufffd'),
};

/** Throws TypeError or INPUT_INVALID when `value` is not of the kind. */
export function checkedCell(kind: ColumnKind, value: unknown): NonNullable<Cell> {
  return checks[kind](value);
}

/** The cell of `row` in `column`. Throws WAREHOUSE_REJECTED naming the row by its index, and the column. */
export function cellOf<Row>(column: Column<Row>, row: Row, index: number): Cell {
  const value: unknown = row[column.property];
  if (value === null || value === undefined) {
    if (!column.required) return null;
    throw rejected(column, index, 'is required');
  }
  try {
    return checkedCell(column.kind, value);
  } catch (error) {
    throw rejected(column, index, error instanceof Error ? error.message : String(error));
  }
}

function rejected<Row>(column: Column<Row>, row: number, problem: string): QuarterdeckError {
  return new QuarterdeckError('WAREHOUSE_REJECTED', `row ${row}, column ${column.name}: ${problem}`, {
    culprit: { row, column: column.name },
  });
}
