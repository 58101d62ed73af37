import type { Assignments } from '../assignments';
import { lastPerKey, type Column, type Table } from '../tables';
import { duckDbKinds, writeColumn } from './columns';
import type { Session } from './file';
import { bindParameters } from './query';

/** DuckDB's own vector size: the most rows a chunk can hold. */
const rowsPerChunk = 2048;

/**
 * Stores rows by key: they go as columns into a temporary table and from there into the table in one MERGE.
 * Must run inside a transaction. Of several rows with one key the last stays.
 *
 * @param onlyIf condition over `stored` and `staged` under which a stored row is replaced.
 * @param assignments what a column of a stored row becomes, where that is not what was staged.
 */
export async function mergeRows<Row>(
  { api, connection }: Session,
  table: Table<Row>,
  name: string,
  rows: readonly Row[],
  onlyIf?: string,
  assignments?: Assignments,
): Promise<void> {
  if (rows.length === 0) return;
  const { columns } = table;
  await connection.run(`CREATE OR REPLACE TEMP TABLE staged (${columnList(columns)})`);
  const appender = await connection.createAppender('staged', 'main', 'temp');
  try {
    const types = columns.map((column) => duckDbKinds[column.kind].type(api));
    const unique = lastPerKey(table, rows);
    for (let first = 0; first < unique.length; first += rowsPerChunk) {
      const part = unique.slice(first, first + rowsPerChunk);
      const chunk = api.DuckDBDataChunk.create(types, part.length);
      for (const [index, column] of columns.entries()) writeColumn(api, chunk, index, column, part, first);
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  const key = columns.filter((column) => table.key.includes(column.property));
  const others = columns.filter((column) => !table.key.includes(column.property));
  const becomes = ({ name }: Column<Row>): string => assignments?.of(name) ?? `staged."${name}"`;
  const merge = await connection.prepare(
    `MERGE INTO ${name} AS stored USING staged
     ON ${key.map((column) => `stored."${column.name}" = staged."${column.name}"`).join(' AND ')}
     WHEN MATCHED ${onlyIf === undefined ? '' : `AND (${onlyIf})`}
       THEN UPDATE SET ${others.map((column) => `"${column.name}" = ${becomes(column)}`).join(', ')}
     WHEN NOT MATCHED THEN INSERT (${names(columns)}) VALUES (${names(columns, 'staged.')})`,
  );
  try {
    bindParameters(api, merge, assignments?.parameters ?? {});
    await merge.run();
  } finally {
    merge.destroySync();
  }
  await connection.run('DROP TABLE staged');
}

export function createTable<Row>(table: Table<Row>, name: string): string {
  const key = table.columns.filter((column) => table.key.includes(column.property));
  const index = table.withoutIndex ? '' : `, PRIMARY KEY (${names(key)})`;
  return `CREATE TABLE IF NOT EXISTS ${name} (${columnList(table.columns)}${index})`;
}

function columnList<Row>(columns: readonly Column<Row>[]): string {
  return columns
    .map(
      ({ name, kind, required }) =>
        `"${name}" ${duckDbKinds[kind].declaration}${required ? ' NOT NULL' : ''}`,
    )
    .join(', ');
}

function names<Row>(columns: readonly Column<Row>[], prefix = ''): string {
  return columns.map((column) => `${prefix}"${column.name}"`).join(', ');
}
