import type { DuckDBTimestampValue, DuckDBValue } from '@duckdb/node-api';
import { invalid } from './apiError';
import type { QueryResult } from './engine';
import type { ColumnType } from './schema';

type Cell = { v: string | null | Cell[] };

/** Rows as the REST API wraps them. */
export function restRows({ fields, rows }: QueryResult, useInt64Timestamp: boolean): { f: Cell[] }[] {
  return rows.map((row) => ({
    f: row.map((value, index) => cell(value, fields[index]!.type, useInt64Timestamp)),
  }));
}

export function restSchema({ fields }: QueryResult): object {
  // A schema names types in the old way.
  const names: Readonly<Record<ColumnType, string>> = {
    STRING: 'STRING',
    INT64: 'INTEGER',
    FLOAT64: 'FLOAT',
    BOOL: 'BOOLEAN',
    TIMESTAMP: 'TIMESTAMP',
  };
  return { fields: fields.map(({ name, type, mode }) => ({ name, type: names[type], mode })) };
}

function cell(value: DuckDBValue, type: ColumnType, useInt64Timestamp: boolean): Cell {
  if (value === null) return { v: null };
  if (typeof value === 'object' && 'items' in value) {
    return { v: value.items.map((item) => cell(item, type, useInt64Timestamp)) };
  }
  if (type === 'TIMESTAMP') {
    const { micros } = value as DuckDBTimestampValue;
    return { v: useInt64Timestamp ? String(micros) : String(Number(micros) / 1e6) };
  }
  return { v: String(value) };
}

/** The two parts of a multipart upload: the job as JSON, and the data. */
export function multipart(body: Buffer, contentType: string): { metadata: unknown; data: string } {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw invalid('Missing boundary.');
  const parts: Buffer[] = [];
  const delimiter = Buffer.from(`--${boundary}`);
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const next = body.indexOf(delimiter, start + delimiter.length);
    if (next < 0) break;
    const head = body.indexOf('\r\n\r\n', start);
    parts.push(body.subarray(head + 4, next - 2));
    start = next;
  }
  if (parts.length !== 2) throw invalid(`Expected two parts, got ${parts.length}.`);
  return { metadata: JSON.parse(parts[0]!.toString('utf8')) as unknown, data: parts[1]!.toString('utf8') };
}
