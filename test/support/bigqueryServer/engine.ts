import * as duckDb from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { ApiError, duplicate, invalid, invalidQuery, notFound } from './apiError';
import { translate, type Catalog, type ParameterType } from './googleSql';
import { readRow } from './jsonRows';
import { bind, parameterType, restType, stored, vectorType, type RestParameter } from './values';
import { checkedDatasetId, checkedTableId, columnDefinition, readFields, type Field } from './schema';

interface StoredTable {
  readonly fields: readonly Field[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Rows of insertAll that are still in the streaming buffer. */
  streaming: number;
}

export interface QueryResult {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** https://cloud.google.com/bigquery/docs/reference/standard-sql/mathematical_functions#cosine_distance, NULL for its errors. */
const safeCosineDistance = `CREATE MACRO safe_cosine_distance(one, other) AS
  CASE WHEN len(one) = len(other) AND list_inner_product(one, one) > 0 AND list_inner_product(other, other) > 0
    THEN list_cosine_distance(one, other) END`;

/** Functions that DuckDB has under another name or not at all; SAFE_DIVIDE gives NULL where a division would fail. */
const functions = [
  safeCosineDistance,
  'CREATE MACRO unix_micros(instant) AS epoch_us(instant)',
  'CREATE MACRO div(dividend, divisor) AS dividend // divisor',
  'CREATE MACRO safe_divide(dividend, divisor) AS CASE WHEN divisor = 0 THEN NULL ELSE dividend / divisor END',
];

/** Datasets and tables of one project, kept in a DuckDB in memory; one statement at a time. */
export class Engine implements Catalog {
  readonly project: string;
  readonly location: string;
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly tables = new Map<string, StoredTable>();
  private readonly datasets = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    project: string,
    location: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
  ) {
    this.project = project;
    this.location = location;
    this.instance = instance;
    this.connection = connection;
  }

  static async start(project: string, location: string): Promise<Engine> {
    const instance = await duckDb.DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const definition of functions) await connection.run(definition);
    return new Engine(project, location, instance, connection);
  }

  async stop(): Promise<void> {
    await this.last;
    this.connection.closeSync();
    this.instance.closeSync();
  }

  hasDataset(dataset: string): boolean {
    return this.datasets.has(dataset);
  }

  tableNames(dataset: string): string[] {
    return [...this.tables.keys()]
      .filter((key) => key.startsWith(`${dataset}.`))
      .map((key) => key.split('.')[1]!);
  }

  createDataset(id: unknown, location: string | undefined): Promise<void> {
    return this.inTurn(async () => {
      const dataset = checkedDatasetId(id);
      if (this.datasets.has(dataset)) throw duplicate(`Dataset ${this.project}:${dataset}`);
      if (location !== undefined && location !== this.location) throw invalid(`Location ${location}`);
      await this.connection.run(`CREATE SCHEMA "${dataset}"`);
      this.datasets.add(dataset);
    });
  }

  createTable(dataset: string, metadata: Readonly<Record<string, unknown>>): Promise<void> {
    return this.inTurn(async () => {
      if (!this.datasets.has(dataset)) throw notFound(`Dataset ${this.project}:${dataset}`);
      const id = checkedTableId((metadata.tableReference as { tableId?: unknown } | undefined)?.tableId);
      const key = `${dataset}.${id}`;
      if (this.tables.has(key)) throw duplicate(`Table ${this.project}:${key}`);
      const fields = readFields(metadata.schema);
      checkLayout(metadata, fields);
      await this.connection.run(
        `CREATE TABLE "${dataset}"."${id}" (${fields.map(columnDefinition).join(', ')})`,
      );
      this.tables.set(key, { fields, metadata, streaming: 0 });
    });
  }

  tableOf(dataset: string, id: string): StoredTable {
    const table = this.tables.get(`${dataset}.${id}`);
    if (!table) throw notFound(`Table ${this.project}:${dataset}.${id}`);
    return table;
  }

  dropTable(dataset: string, id: string): Promise<void> {
    return this.inTurn(async () => {
      this.tableOf(dataset, id);
      await this.connection.run(`DROP TABLE "${dataset}"."${id}"`);
      this.tables.delete(`${dataset}.${id}`);
    });
  }

  /** Appends JSON rows: all of them, or none when one does not fit the table. */
  append(dataset: string, id: string, rows: readonly unknown[]): Promise<void> {
    return this.inTurn(async () => {
      const { fields } = this.tableOf(dataset, id);
      const read = rows.map((row, index) => readRow(row, fields, index));
      const types = fields.map(({ type, mode }) => vectorType(type, mode));
      const appender = await this.connection.createAppender(id, dataset);
      try {
        for (let first = 0; first < read.length; first += 2048) {
          const part = read.slice(first, first + 2048);
          const chunk = duckDb.DuckDBDataChunk.create(types, part.length);
          for (const [index, { type }] of fields.entries()) {
            chunk.setColumnValues(
              index,
              part.map((row) => stored(row[index]!, type)),
            );
          }
          appender.appendDataChunk(chunk);
        }
        appender.flushSync();
      } finally {
        appender.closeSync();
      }
    });
  }

  /** insertAll: a row that does not fit is reported by its index; with one such row none is taken. */
  async stream(
    dataset: string,
    id: string,
    rows: readonly unknown[],
  ): Promise<{ index: number; message: string }[]> {
    const table = this.tableOf(dataset, id);
    const problems = rows.flatMap((row, index) => {
      try {
        readRow(row, table.fields, index);
        return [];
      } catch (error) {
        return [{ index, message: (error as Error).message }];
      }
    });
    if (problems.length === 0) {
      await this.append(dataset, id, rows);
      table.streaming += rows.length;
    }
    return problems;
  }

  query(statement: string, given: readonly RestParameter[]): Promise<QueryResult> {
    return this.inTurn(async () => {
      const types = new Map(given.map((parameter) => [parameter.name ?? '', parameterType(parameter)]));
      const { sql, parameters, merge } = translate(statement, types, this);
      const bound = given.filter(({ name }) => parameters.includes(name ?? ''));
      if (merge) await this.checkMerge(merge, bound);
      return this.run(sql, bound);
    });
  }

  table(reference: string): string {
    const [project, dataset, id, ...more] = reference.split('.');
    if (project !== this.project || id === undefined || more.length > 0) throw notFound(`Table ${reference}`);
    this.tableOf(dataset!, id);
    return `"${dataset}"."${id}"`;
  }

  columnTypes(references: readonly string[], column: string): readonly ParameterType[] {
    return references
      .flatMap((reference) => {
        const [, dataset, id] = reference.split('.');
        return this.tableOf(dataset!, id!).fields;
      })
      .filter(({ name }) => name === column)
      .map(({ type, mode }) => ({ type, array: mode === 'REPEATED' }));
  }

  /** Empties every table, and lets the streaming buffers run out. */
  clear(): Promise<void> {
    return this.inTurn(async () => {
      for (const [key, table] of this.tables) {
        table.streaming = 0;
        await this.connection.run(
          `DELETE FROM ${key
            .split('.')
            .map((part) => `"${part}"`)
            .join('.')}`,
        );
      }
    });
  }

  private async checkMerge(
    { target, duplicateMatches }: { target: string; duplicateMatches: string },
    bound: readonly RestParameter[],
  ): Promise<void> {
    const [, dataset, id] = target.split('.');
    if (this.tableOf(dataset!, id!).streaming > 0) {
      throw invalidQuery(
        `UPDATE or DELETE statement over table ${target} would affect rows in the streaming buffer, which is not supported`,
      );
    }
    if (
      (
        await this.run(
          duplicateMatches,
          bound.filter(({ name }) => duplicateMatches.includes(`$${name!} `)),
        )
      ).rows.length > 0
    ) {
      throw invalidQuery('UPDATE/MERGE must match at most one source row for each target row');
    }
  }

  private async run(sql: string, parameters: readonly RestParameter[]): Promise<QueryResult> {
    try {
      const statement = await this.connection.prepare(sql);
      try {
        for (const parameter of parameters) bind(statement, parameter);
        const result = await statement.run();
        const fields = result.columnNames().map((name, index): Field => {
          const type = result.columnType(index);
          const list = type.typeId === duckDb.DuckDBTypeId.LIST;
          const element = list ? type.valueType : type;
          return { name, type: restType(element.typeId), mode: list ? 'REPEATED' : 'NULLABLE' };
        });
        return { fields, rows: await result.getRows() };
      } finally {
        statement.destroySync();
      }
    } catch (error) {
      throw error instanceof ApiError ? error : invalidQuery((error as Error).message);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** Partitioned by the day of a timestamp, clustered by at most four plain columns. */
function checkLayout(metadata: Readonly<Record<string, unknown>>, fields: readonly Field[]): void {
  const { timePartitioning, clustering } = metadata as {
    timePartitioning?: { type?: string; field?: string };
    clustering?: { fields?: string[] };
  };
  const find = (name: string | undefined): Field | undefined => fields.find((field) => field.name === name);
  if (timePartitioning) {
    if (timePartitioning.type !== 'DAY')
      throw invalid(`Invalid partitioning type ${String(timePartitioning.type)}`);
    const field = find(timePartitioning.field);
    if (field?.type !== 'TIMESTAMP' || field.mode === 'REPEATED') {
      throw invalid(
        `The field specified for partitioning is not a top-level TIMESTAMP: ${String(timePartitioning.field)}`,
      );
    }
  }
  const clusterFields = clustering?.fields ?? [];
  if (
    clusterFields.length > 4 ||
    clusterFields.some((name) => (find(name)?.mode ?? 'REPEATED') === 'REPEATED')
  ) {
    throw invalid(`Invalid clustering fields: ${clusterFields.join(', ')}`);
  }
}
