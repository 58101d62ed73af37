import type { TableNames } from '../tableNames';
import type { DuckDbApi } from './instance';

/**
 * Tables and a statement for scripts/bench alone: points by the ten million, which the engine makes by itself, and
 * the windows of a wide table, as a figure to hold ours against.
 */
export interface FeatureTrial {
  readonly file: string;
  readonly memoryLimit: string;
  readonly names: TableNames;
  readonly instances: number;
  readonly metrics: number;
  /** Per instance. */
  readonly minutes: number;
}

/** First minute of the trial's points. */
export const trialStart = '2026-01-01T00:00:00.000000Z';
const wideTable = 'wide_trial';

export function trialInstance(index: number): string {
  return `server-${String(index).padStart(3, '0')}`;
}

export function trialMetric(index: number): string {
  return `metric_${String(index).padStart(2, '0')}`;
}

/** Fills metric_points in the order in which points arrive, and the wide table with the same values. */
export async function fillFeatureTrial(trial: FeatureTrial): Promise<void> {
  const value = (m: string): string =>
    `50 + 10 * sin(t / 9.0 + ${m}) + hash(t * 1000 + ${m} + i * 7) % 1000 / 1000.0`;
  const at = `TIMESTAMP '${trialStart.slice(0, 19)}' + to_minutes(CAST(t AS BIGINT))`;
  const columns = Array.from({ length: trial.metrics }, (_, m) => `${value(String(m))} AS m${m}`);
  await withConnection(trial, async (run) => {
    await run(`INSERT INTO ${trial.names.metric_points}
      SELECT 'server-' || lpad(CAST(i AS VARCHAR), 3, '0'), 'metric_' || lpad(CAST(m AS VARCHAR), 2, '0'),
        ${at} + to_seconds(CAST(m AS BIGINT)), ${value('m')}, 'gauge', NULL, 'trial', ${at}
      FROM range(${trial.minutes}) AS times(t), range(${trial.instances}) AS instances(i), range(${trial.metrics}) AS metrics(m)`);
    await run(`CREATE TABLE ${wideTable} AS SELECT i, t, ${columns.join(', ')}
      FROM range(${trial.instances}) AS instances(i), range(${trial.minutes}) AS times(t)`);
  });
}

/** The eight windowed functions of each metric on the wide table, read column by column. @returns the rows read. */
export async function readWideWindows(trial: FeatureTrial): Promise<number> {
  const functions = Array.from({ length: trial.metrics }, (_, m) => [
    ...['avg', 'stddev_pop', 'min', 'max'].map((name) => `${name}(m${m}) OVER recent`),
    ...[1, 5, 15].map((minutes) => `lag(m${m}, ${minutes}) OVER series`),
    `m${m} - lag(m${m}, 1) OVER series`,
  ]).flat();
  const outputs = functions.map((sql, index) => `CAST(${sql} AS FLOAT) AS f${index}`);
  let rows = 0;
  await withConnection(trial, async (run, connection) => {
    await run('SET preserve_insertion_order = false');
    for (let instance = 0; instance < trial.instances; instance++) {
      const result = await connection.stream(
        `SELECT ${outputs.join(', ')} FROM ${wideTable} WHERE i = ${instance}
         WINDOW series AS (ORDER BY t), recent AS (ORDER BY t ROWS BETWEEN 14 PRECEDING AND CURRENT ROW)`,
      );
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) break;
        for (let column = 0; column < chunk.columnCount; column++) {
          const vector = chunk.getColumnVector(column);
          const values = new Float32Array(chunk.rowCount);
          for (let row = 0; row < values.length; row++)
            values[row] = (vector.getItem(row) as number | null) ?? Number.NaN;
        }
        rows += chunk.rowCount;
      }
    }
  });
  return rows;
}

async function withConnection(
  { file, memoryLimit }: FeatureTrial,
  work: (
    run: (sql: string) => Promise<unknown>,
    connection: Awaited<ReturnType<InstanceType<DuckDbApi['DuckDBInstance']>['connect']>>,
  ) => Promise<void>,
): Promise<void> {
  const api = require('@duckdb/node-api') as DuckDbApi;
  const instance = await api.DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    await connection.run(`SET memory_limit = '${memoryLimit}'`);
    await work((sql) => connection.run(sql), connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
