import { invalid } from './apiError';
import type { ColumnType, Field } from './schema';

export type LoadedValue = string | number | bigint | boolean | null | readonly (number | string)[];

/** One row of JSON against a schema, as strict as a load job with `ignoreUnknownValues: false`. */
export function readRow(json: unknown, fields: readonly Field[], row: number): LoadedValue[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalid(
      `Error while reading data, error message: JSON table encountered too many errors. Rows: ${row}`,
    );
  }
  const values = new Map(Object.entries(json));
  const read = fields.map((field) => {
    const value: unknown = values.get(field.name);
    values.delete(field.name);
    if (field.mode === 'REPEATED') return readArray(value, field, row);
    if (value === undefined || value === null) {
      if (field.mode === 'REQUIRED') throw invalid(`row ${row}: Missing required field: ${field.name}.`);
      return null;
    }
    return readValue(value, field.type, `row ${row}, field ${field.name}`);
  });
  const [unknown] = values.keys();
  if (unknown !== undefined) throw invalid(`row ${row}: No such field: ${unknown}.`);
  return read;
}

function readArray(value: unknown, field: Field, row: number): (number | string)[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw invalid(`row ${row}: Array specified for non-repeated field: ${field.name}.`);
  return value.map((element: unknown) => {
    if (element === null)
      throw invalid(`row ${row}: Only optional fields can be set to NULL. Field: ${field.name}`);
    return readValue(element, field.type, `row ${row}, field ${field.name}`) as number | string;
  });
}

const timestampPattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(Z| UTC|\+00:00)$/;

/** Microseconds since 1970 of a timestamp in UTC; anything else is refused. */
export function readTimestamp(value: unknown, where: string): bigint {
  const match = typeof value === 'string' ? timestampPattern.exec(value) : null;
  const seconds = match ? Date.parse(`${match[1]}T${match[2]}Z`) / 1000 : Number.NaN;
  if (!match || Number.isNaN(seconds))
    throw invalid(`${where}: Could not parse '${String(value)}' as a timestamp.`);
  return BigInt(seconds) * 1_000_000n + BigInt((match[3] ?? '').padEnd(6, '0'));
}

export function readValue(
  value: unknown,
  type: ColumnType,
  where: string,
): string | number | bigint | boolean {
  const refuse = (): never => {
    throw invalid(`${where}: Could not convert value '${JSON.stringify(value)}' to ${type.toLowerCase()}.`);
  };
  if (type === 'TIMESTAMP') return readTimestamp(value, where);
  if (type === 'STRING') return typeof value === 'string' ? value : refuse();
  if (type === 'BOOL') return typeof value === 'boolean' ? value : refuse();
  if (type === 'FLOAT64') return typeof value === 'number' && Number.isFinite(value) ? value : refuse();
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : refuse();
}
