import type { Parameters } from '../parameters';
import type { ColumnKind, Table } from '../tables';
import { select } from './jobs';
import type { MergeContext } from './merge';
import { bigQueryKinds } from './values';

export interface OutputColumn {
  readonly property: string;
  readonly kind: ColumnKind;
}

/** Rows of a SELECT whose columns are `columns`, in that order. */
export async function selectRows<Row>(
  { connection }: MergeContext,
  doing: string,
  sql: string,
  parameters: Parameters,
  columns: readonly OutputColumn[],
  signal: AbortSignal,
): Promise<Row[]> {
  const rows = await select(connection, doing, sql, parameters, signal);
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (const [index, { property, kind }] of columns.entries()) {
      const value = values[index] ?? null;
      row[property] = value === null ? null : bigQueryKinds[kind].decode(value);
    }
    return row as Row;
  });
}

/** The table's columns for a SELECT list, in the order that its rows are read back in. */
export function columnsOf<Row>(table: Table<Row>, alias: string): string {
  return table.columns.map((column) => `${alias}.\`${column.name}\``).join(', ');
}
