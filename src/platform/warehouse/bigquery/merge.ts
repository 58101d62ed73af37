import type { TableMetadata, TableSchema } from '@google-cloud/bigquery';
import { QuarterdeckError } from '../../../contracts';
import { waitFor } from '../aborted';
import { cellOf } from '../cells';
import type { Assignments } from '../assignments';
import type { Parameter } from '../parameters';
import { lastPerKey, type Table } from '../tables';
import type { Connection } from './connection';
import { execute, load } from './jobs';
import type { References } from './references';
import { bigQueryKinds } from './values';

/** Bytes of one load job: large enough that the fixed cost of a job does not count, small enough to hold in memory. */
const bytesPerLoad = 32 * 1024 * 1024;
/** BigQuery's limit for a row of JSON. */
const mostBytesPerRow = 100 * 1024 * 1024;
/** A staging table outlives its write only when the process died; then it goes by itself. */
const stagingLifetimeMs = 3_600_000;

const dropLimitMs = 10_000;

export interface MergeContext {
  readonly connection: Connection;
  readonly references: References;
  /** A new unique id, letters and digits: names a write, so that its retries are known as the same one. */
  readonly newId: () => string;
}

/**
 * Stores rows by key: load jobs into a staging table of this write's own, then one MERGE. Nothing is stored
 * before that last step, and every step can be repeated when its answer is lost.
 *
 * @param onlyIf condition over `stored` and `staged` under which a stored row is replaced.
 * @param assignments what a column of a stored row becomes, where that is not what was staged.
 */
export async function mergeRows<Row>(
  context: MergeContext,
  doing: string,
  table: Table<Row>,
  rows: readonly Row[],
  signal: AbortSignal,
  onlyIf?: string,
  assignments?: Assignments,
): Promise<void> {
  if (rows.length === 0) return;
  const { connection, references } = context;
  const { project, dataset } = references;
  const unique = lastPerKey(table, rows);
  const operation = context.newId();
  const staging = `staging_${table.id}_${operation}`;
  const schema = schemaOf(table);
  await ensureTable(connection, doing, dataset, staging, signal, {
    schema,
    expirationTime: String(connection.options.clock.now() + stagingLifetimeMs),
  });
  try {
    for (const lines of jsonLines(table, unique)) {
      await load(connection, doing, operation, { dataset, table: staging, schema }, lines, signal);
    }
    const source = `\`${project}.${dataset}.${staging}\``;
    const sql = mergeStatement(table, references.quoted[table.id], source, onlyIf, assignments);
    await execute(connection, doing, operation, sql, assignments?.parameters ?? {}, signal);
  } finally {
    // Not worth failing a write that is stored, or hiding why one is not, or keeping a caller that has stopped:
    // the table expires anyway.
    const dropped = connection.client.dataset(dataset).table(staging).delete({ ignoreNotFound: true });
    await waitFor(dropped, AbortSignal.any([signal, AbortSignal.timeout(dropLimitMs)]), doing).catch(
      () => undefined,
    );
  }
}

/**
 * Stores one row by key in one statement, its values as parameters.
 *
 * @param onlyIf condition over `stored` and `staged` under which a stored row is replaced.
 */
export async function mergeRow<Row>(
  context: MergeContext,
  doing: string,
  table: Table<Row>,
  row: Row,
  signal: AbortSignal,
  onlyIf?: string,
): Promise<void> {
  const parameters: Record<string, Parameter> = {};
  const values = table.columns.map((column) => {
    const cell = cellOf(column, row, 0);
    if (cell === null) return `CAST(NULL AS ${bigQueryKinds[column.kind].type}) AS \`${column.name}\``;
    const kind = column.kind === 'counts' || column.kind === 'json' ? 'text' : column.kind;
    if (kind === 'vector' || kind === 'float')
      throw new TypeError(`no single-row write with a ${kind} column`);
    parameters[column.name] = [kind, cell] as Parameter;
    return `@${column.name} AS \`${column.name}\``;
  });
  const sql = mergeStatement(
    table,
    context.references.quoted[table.id],
    `(SELECT ${values.join(', ')})`,
    onlyIf,
  );
  await execute(context.connection, doing, context.newId(), sql, parameters, signal);
}

function mergeStatement<Row>(
  table: Table<Row>,
  target: string,
  source: string,
  onlyIf?: string,
  assignments?: Assignments,
): string {
  const isKey = (property: string): boolean => table.key.includes(property as keyof Row & string);
  const quoted = table.columns.map((column) => ({
    ...column,
    name: `\`${column.name}\``,
    becomes: assignments?.of(column.name) ?? `staged.\`${column.name}\``,
  }));
  const on = quoted.filter((column) => isKey(column.property));
  const set = quoted.filter((column) => !isKey(column.property));
  return `MERGE INTO ${target} AS stored USING ${source} AS staged
ON ${on.map(({ name }) => `stored.${name} = staged.${name}`).join(' AND ')}
WHEN MATCHED${onlyIf === undefined ? '' : ` AND (${onlyIf})`} THEN
  UPDATE SET ${set.map(({ name, becomes }) => `${name} = ${becomes}`).join(', ')}
WHEN NOT MATCHED THEN
  INSERT (${quoted.map(({ name }) => name).join(', ')})
  VALUES (${quoted.map(({ name }) => `staged.${name}`).join(', ')})`;
}

export function schemaOf<Row>(table: Table<Row>): TableSchema {
  return {
    fields: table.columns.map(({ name, kind, required }) => ({
      name,
      type: bigQueryKinds[kind].type,
      mode: bigQueryKinds[kind].repeated ? 'REPEATED' : required ? 'REQUIRED' : 'NULLABLE',
    })),
  };
}

/** Creates a table unless it is there. */
export async function ensureTable(
  connection: Connection,
  doing: string,
  dataset: string,
  table: string,
  signal: AbortSignal,
  metadata: TableMetadata,
): Promise<void> {
  await connection.run(doing, signal, async (client) => {
    await client.dataset(dataset).createTable(table, metadata).catch(unlessThere);
  });
}

export function unlessThere(error: unknown): void {
  if ((error as { code?: unknown }).code !== 409) throw error;
}

/** Rows as lines of JSON, in parts that a load job takes at once. */
function* jsonLines<Row>(table: Table<Row>, rows: readonly Row[]): Generator<string> {
  let lines: string[] = [];
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const values: Record<string, unknown> = {};
    for (const column of table.columns) {
      const cell = cellOf(column, row, index);
      if (cell !== null) values[column.name] = bigQueryKinds[column.kind].toJson(cell);
    }
    const line = JSON.stringify(values);
    const size = Buffer.byteLength(line) + 1;
    if (size > mostBytesPerRow) {
      throw new QuarterdeckError('WAREHOUSE_REJECTED', `row ${index} is larger than BigQuery takes`, {
        culprit: { row: index },
      });
    }
    if (bytes + size > bytesPerLoad && lines.length > 0) {
      yield lines.join('\n');
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += size;
  }
  yield lines.join('\n');
}
