import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { checkedCell } from '../cells';
import type { Parameters } from '../parameters';
import type { ColumnKind, Table } from '../tables';
import { duckDbKinds, readColumn } from './columns';
import type { Session } from './file';
import type { DuckDbApi } from './instance';

export interface OutputColumn {
  readonly property: string;
  readonly kind: ColumnKind;
}

/** Rows of a SELECT whose columns are `columns`, in that order. */
export async function selectRows<Row>(
  { api, connection }: Session,
  sql: string,
  parameters: Parameters,
  columns: readonly OutputColumn[],
): Promise<Row[]> {
  const statement = await connection.prepare(sql);
  try {
    bindParameters(api, statement, parameters);
    const result = await statement.run();
    const rows: Row[] = [];
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return rows;
      const part: Record<string, unknown>[] = Array.from({ length: chunk.rowCount }, () => ({}));
      for (const [index, column] of columns.entries()) readColumn(chunk, index, column, part);
      for (const row of part) rows.push(row as Row);
    }
  } finally {
    statement.destroySync();
  }
}

export function bindParameters(
  api: DuckDbApi,
  statement: DuckDBPreparedStatement,
  parameters: Parameters,
): void {
  for (const [name, [kind, value]] of Object.entries(parameters)) {
    const index = statement.parameterIndex(name);
    if (kind === 'texts') statement.bindList(index, [...value], api.LIST(api.VARCHAR));
    else if (kind === 'vector') statement.bindList(index, [...value], api.LIST(api.FLOAT));
    else if (kind === 'integer') statement.bindBigInt(index, BigInt(value));
    else statement.bindValue(index, duckDbKinds[kind].encode(api, checkedCell(kind, value)));
  }
}

/** The table's columns for a SELECT list, in the order that its rows are read back in. */
export function columnsOf<Row>(table: Table<Row>, alias: string): string {
  return table.columns.map((column) => `${alias}."${column.name}"`).join(', ');
}
