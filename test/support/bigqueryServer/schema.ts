import { invalid } from './apiError';

export const columnTypes = ['STRING', 'INT64', 'FLOAT64', 'BOOL', 'TIMESTAMP'] as const;
export type ColumnType = (typeof columnTypes)[number];
export type Mode = 'NULLABLE' | 'REQUIRED' | 'REPEATED';

export interface Field {
  readonly name: string;
  readonly type: ColumnType;
  readonly mode: Mode;
}

const aliases: Readonly<Record<string, ColumnType>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };
const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
};

/** https://cloud.google.com/bigquery/docs/schemas#column_names */
const columnPattern = /^[A-Za-z_][A-Za-z0-9_]{0,299}$/;
/** https://cloud.google.com/bigquery/docs/datasets#dataset-naming and tables#table_naming, without the exotic letters. */
const datasetPattern = /^[A-Za-z0-9_]{1,1024}$/;
const tablePattern = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u;

export function checkedDatasetId(id: unknown): string {
  if (typeof id === 'string' && datasetPattern.test(id)) return id;
  throw invalid(`Invalid dataset ID "${String(id)}"`);
}

export function checkedTableId(id: unknown): string {
  if (typeof id === 'string' && tablePattern.test(id)) return id;
  throw invalid(`Invalid table ID "${String(id)}"`);
}

export function columnType(name: string): ColumnType {
  const type = aliases[name.toUpperCase()] ?? name.toUpperCase();
  if ((columnTypes as readonly string[]).includes(type)) return type as ColumnType;
  throw invalid(`Invalid value for type: ${name} is not a valid value`);
}

export function readFields(schema: unknown): Field[] {
  const given = (schema as { fields?: { name?: unknown; type?: unknown; mode?: unknown }[] } | undefined)
    ?.fields;
  if (!Array.isArray(given) || given.length === 0) throw invalid('Schema has no fields.');
  const fields = given.map(({ name, type, mode = 'NULLABLE' }): Field => {
    if (typeof name !== 'string' || !columnPattern.test(name))
      throw invalid(`Invalid field name "${String(name)}".`);
    if (mode !== 'NULLABLE' && mode !== 'REQUIRED' && mode !== 'REPEATED')
      throw invalid(`Invalid mode ${String(mode)}`);
    return { name, type: columnType(String(type)), mode };
  });
  const names = new Set(fields.map((field) => field.name.toLowerCase()));
  if (names.size < fields.length) throw invalid('Duplicate field name.');
  return fields;
}

export function columnDefinition({ name, type, mode }: Field): string {
  return `"${name}" ${duckDbType({ type, mode })}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

export function duckDbType({ type, mode }: Pick<Field, 'type' | 'mode'>): string {
  return `${duckDbTypes[type]}${mode === 'REPEATED' ? '[]' : ''}`;
}
