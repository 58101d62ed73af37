import type {
  DuckDBDataChunk,
  DuckDBFloatVector,
  DuckDBListValue,
  DuckDBListVector,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api';
import { cellOf, type Cell } from '../cells';
import { microsecondsOf, timestampOf } from '../microseconds';
import type { Column, ColumnKind } from '../tables';
import type { DuckDbApi } from './instance';

interface DuckDbKind {
  readonly declaration: string;
  readonly type: (api: DuckDbApi) => DuckDBType;
  readonly encode: (api: DuckDbApi, cell: NonNullable<Cell>) => NonNullable<DuckDBValue>;
  readonly decode: (value: NonNullable<DuckDBValue>) => unknown;
}

const text: DuckDbKind = {
  declaration: 'VARCHAR',
  type: (api) => api.VARCHAR,
  encode: (_api, cell) => cell as string,
  decode: (value) => value,
};

export const duckDbKinds: Readonly<Record<ColumnKind, DuckDbKind>> = {
  text,
  timestamp: {
    declaration: 'TIMESTAMP',
    type: (api) => api.TIMESTAMP,
    encode: (api, cell) => new api.DuckDBTimestampValue(microsecondsOf(cell as string)),
    decode: (value) => timestampOf((value as DuckDBTimestampValue).micros),
  },
  integer: {
    declaration: 'INTEGER',
    type: (api) => api.INTEGER,
    encode: (_api, cell) => cell as number,
    decode: Number,
  },
  float: {
    declaration: 'DOUBLE',
    type: (api) => api.DOUBLE,
    encode: (_api, cell) => cell as number,
    decode: Number,
  },
  vector: {
    // Holds a Float32Array exactly, in half the space of DOUBLE[].
    declaration: 'FLOAT[]',
    type: (api) => api.LIST(api.FLOAT),
    // A list vector reads only length and elements: no plain array of as many numbers is made for each row.
    encode: (api, cell) => new api.DuckDBListValue(cell as unknown as DuckDBListValue['items']),
    decode: (value) => Float32Array.from((value as DuckDBListValue).items as number[]),
  },
  counts: { ...text, decode: (value) => JSON.parse(value as string) as unknown },
  json: { ...text, decode: (value) => JSON.parse(value as string) as unknown },
};

/** Puts one column of `rows` into a chunk. Throws WAREHOUSE_REJECTED naming row and column. */
export function writeColumn<Row>(
  api: DuckDbApi,
  chunk: DuckDBDataChunk,
  index: number,
  column: Column<Row>,
  rows: readonly Row[],
  firstRow: number,
): void {
  const { encode } = duckDbKinds[column.kind];
  // Rows of one batch share their arrival, rows of one minute their time: a value is encoded once in a row.
  let last: unknown;
  let encoded: DuckDBValue = null;
  const values = rows.map((row, offset) => {
    const value: unknown = row[column.property];
    if (value === last && typeof value === 'string') return encoded;
    const cell = cellOf(column, row, firstRow + offset);
    last = value;
    encoded = cell === null ? null : encode(api, cell);
    return encoded;
  });
  chunk.setColumnValues(index, values);
}

/** Reads one column of a chunk into `rows`, one for each row of the chunk. */
export function readColumn(
  chunk: DuckDBDataChunk,
  index: number,
  { property, kind }: { readonly property: string; readonly kind: ColumnKind },
  rows: readonly Record<string, unknown>[],
): void {
  const vector = chunk.getColumnVector(index);
  if (kind === 'vector') {
    readVectors(vector as DuckDBListVector, property, rows);
    return;
  }
  const { decode } = duckDbKinds[kind];
  for (const [row, target] of rows.entries()) {
    const value = vector.getItem(row);
    target[property] = value === null ? null : decode(value);
  }
}

/** Straight from the flat storage of all lists. */
function readVectors(
  lists: DuckDBListVector,
  property: string,
  rows: readonly Record<string, unknown>[],
): void {
  const elements = lists.childVector as DuckDBFloatVector;
  for (const [row, target] of rows.entries()) {
    const offset = lists.getEntryOffset(row);
    const embedding = new Float32Array(lists.getEntryLength(row));
    for (let at = 0; at < embedding.length; at++) embedding[at] = elements.getItem(offset + at) ?? 0;
    target[property] = embedding;
  }
}
