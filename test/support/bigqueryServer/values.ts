import * as duckDb from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { invalid, invalidQuery } from './apiError';
import type { ParameterType } from './googleSql';
import { readTimestamp, type LoadedValue } from './jsonRows';
import { columnType, type ColumnType, type Mode } from './schema';

/** Values and types between the REST API and DuckDB. */
export interface RestParameter {
  readonly name?: string;
  readonly parameterType?: { readonly type?: string; readonly arrayType?: { readonly type?: string } };
  readonly parameterValue?: {
    readonly value?: string | number | null;
    readonly arrayValues?: { readonly value: string }[];
  };
}

export function parameterType({ parameterType: given }: RestParameter): ParameterType {
  const array = given?.type === 'ARRAY';
  return { type: columnType((array ? given.arrayType?.type : given?.type) ?? ''), array };
}

export function bind(statement: duckDb.DuckDBPreparedStatement, parameter: RestParameter): void {
  const { type, array } = parameterType(parameter);
  const at = statement.parameterIndex(parameter.name!);
  const where = `Query parameter '${parameter.name!}'`;
  const { value, arrayValues } = parameter.parameterValue ?? {};
  if (array) {
    const values = (arrayValues ?? []).map((element) => element.value);
    if (type === 'STRING') statement.bindList(at, values, duckDb.LIST(duckDb.VARCHAR));
    else if (type === 'FLOAT64') statement.bindList(at, values.map(Number), duckDb.LIST(duckDb.DOUBLE));
    else throw invalid(`${where}: arrays of ${type} are not supported`);
  } else if (value === undefined || value === null) statement.bindNull(at);
  else if (type === 'STRING') statement.bindVarchar(at, checkedString(value, where));
  else if (type === 'TIMESTAMP')
    statement.bindTimestamp(at, new duckDb.DuckDBTimestampValue(readTimestamp(value, where)));
  else if (type === 'INT64') statement.bindBigInt(at, BigInt(value));
  else throw invalid(`${where}: ${type} is not supported`);
}

function checkedString(value: string | number, where: string): string {
  if (typeof value !== 'string') throw invalid(`${where}: expected a string`);
  return value;
}

export function vectorType(type: ColumnType, mode: Mode): duckDb.DuckDBType {
  const element = {
    STRING: duckDb.VARCHAR,
    INT64: duckDb.BIGINT,
    FLOAT64: duckDb.DOUBLE,
    BOOL: duckDb.BOOLEAN,
    TIMESTAMP: duckDb.TIMESTAMP,
  }[type];
  return mode === 'REPEATED' ? duckDb.LIST(element) : element;
}

export function stored(value: LoadedValue, type: ColumnType): DuckDBValue {
  if (Array.isArray(value)) return new duckDb.DuckDBListValue(value as number[]);
  if (type === 'TIMESTAMP' && typeof value === 'bigint') return new duckDb.DuckDBTimestampValue(value);
  return value as DuckDBValue;
}

export function restType(typeId: duckDb.DuckDBTypeId): ColumnType {
  const { DuckDBTypeId } = duckDb;
  const types = new Map<duckDb.DuckDBTypeId, ColumnType>([
    [DuckDBTypeId.VARCHAR, 'STRING'],
    [DuckDBTypeId.DOUBLE, 'FLOAT64'],
    [DuckDBTypeId.TIMESTAMP, 'TIMESTAMP'],
    [DuckDBTypeId.BOOLEAN, 'BOOL'],
    [DuckDBTypeId.INTEGER, 'INT64'],
    [DuckDBTypeId.BIGINT, 'INT64'],
    [DuckDBTypeId.HUGEINT, 'INT64'],
  ]);
  const type = types.get(typeId);
  if (type === undefined) throw invalidQuery(`Type ${typeId} has no equal in BigQuery`);
  return type;
}
