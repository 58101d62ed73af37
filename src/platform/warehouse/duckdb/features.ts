import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { FeatureOperations, FeatureRows } from '../featureOperations';
import {
  firstMinute,
  pointsSql,
  unusablePointsSql,
  valuesSql,
  type Dialect,
  type FeatureSlice,
  type GridColumns,
} from '../features/dialect';
import { writeLogAnswer, writeMetricAnswer, writePairAnswer, type AnswerRows } from '../features/answers';
import { FeatureGrid } from '../features/featureGrid';
import { allParameters, slicesOf, unusableParameters } from '../features/featureSlices';
import { inOrder } from '../features/inOrder';
import { logColumns, logFeatureSql } from '../features/logSql';
import { metricColumns, metricFeatureSql } from '../features/metricSql';
import { pairColumns, pairFeatureSql, pairValuesSql } from '../features/pairSql';
import { Conditions, type Parameters } from '../parameters';
import type { TableNames } from '../tableNames';
import { dataQualityTable, metricPointsTable } from '../tables';
import type { DuckDbFile, Session } from './file';
import { mergeRows } from './merge';
import { bindParameters, columnsOf, selectRows } from './query';

/** Readings on the grid per statement: a few hundred megabytes with all features of 38 metrics. */
const cellsPerSlice = 4_000_000;
/** A statement that keeps rows in order runs on one thread, so as many as there are cores run side by side. */
const slicesAtOnce = 2;

const points = 'feature_points';
const values = 'feature_values';
const pairValues = 'feature_pairs';

/**
 * Temporary tables hold the series in order, and windows over them name none: OVER () goes through the rows as they
 * lie (DuckDB keeps the order of a table through it), which needs no partitions and no sorting. The minutes before
 * a slice keep a series from seeing the end of the one before it.
 */
function dialectOf(tables: TableNames): Dialect {
  return {
    tables,
    parameter: (name) => `$${name}`,
    quoted: (name) => `"${name}"`,
    minuteOf: (timestamp) => `CAST(floor(epoch_us(${timestamp}) / 60000000) AS INTEGER)`,
    elements: (parameter, element, place) =>
      `(SELECT unnest($${parameter}) AS ${element}, CAST(generate_subscripts($${parameter}, 1) - 1 AS USMALLINT) AS ${place})`,
    wholeNumbers: (first, last, name) =>
      `(SELECT CAST(unnest(generate_series(CAST(${first} AS INTEGER), CAST(${last} AS INTEGER))) AS INTEGER) AS ${name})`,
    over: () => '()',
    presence: (value) => `CAST(${value} IS NOT NULL AS SMALLINT)`,
    // LEAST and GREATEST pass over nulls here.
    extreme: (side, one, other) => `${side}(${one}, ${other})`,
    divide: (numerator, denominator) =>
      `CASE WHEN abs(${numerator} / nullif(${denominator}, 0)) <= 1e30 THEN ${numerator} / ${denominator} END`,
    // Without nulls the numbers are read straight from the vector.
    output: (value) => `coalesce(CAST(${value} AS FLOAT), CAST('nan' AS FLOAT))`,
  };
}

export function featureOperations(database: DuckDbFile, names: TableNames): FeatureOperations {
  const dialect = dialectOf(names);
  return {
    metricFeatures(query, signal) {
      return inOrder(slicesOf(query, cellsPerSlice), slicesAtOnce, signal, (slice, either) =>
        database.read('computing features', either, (session) => computeSlice(session, dialect, slice)),
      );
    },

    async unusablePoints(query, signal) {
      const sql = unusablePointsSql(dialect, query.set, columnsOf(metricPointsTable, 'p'));
      return database.read('reading unusable points', signal, (session) =>
        selectRows(session, sql, unusableParameters(query), metricPointsTable.columns),
      );
    },

    async recentPoints({ instance, from, to }, signal) {
      return database.read('reading metric points', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(metricPointsTable, 'p')} FROM ${names.metric_points} p
           WHERE p.instance = $instance AND p."at" >= $from_time AND p."at" < $to_time
           ORDER BY p.metric, p."at"`,
          { instance: ['text', instance], from_time: ['timestamp', from], to_time: ['timestamp', to] },
          metricPointsTable.columns,
        ),
      );
    },

    async mergeDataQuality(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing data quality', signal, (session) =>
        mergeRows(session, dataQualityTable, names.data_quality, rows),
      );
    },

    async dataQuality(query, signal) {
      const where = new Conditions();
      if (query.subject !== undefined)
        where.add('q.subject = $subject', { subject: ['text', query.subject] });
      if (query.scope !== undefined) where.add('q.scope = $scope', { scope: ['text', query.scope] });
      return database.read('reading data quality', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(dataQualityTable, 'q')} FROM ${names.data_quality} q WHERE ${where.sql}
           ORDER BY q.checked_at DESC, q.batch_id, q.scope LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          dataQualityTable.columns,
        ),
      );
    },
  };
}

async function computeSlice(session: Session, dialect: Dialect, slice: FeatureSlice): Promise<FeatureRows> {
  const { set } = slice;
  const answer = new FeatureGrid(slice);
  const parameters = allParameters(slice);
  const cells = new Cells(slice);
  const [metrics, pairs, logs] = [metricColumns(set), pairColumns(set), logColumns(set)];
  const hasMetrics = set.metrics.length > 0;
  try {
    if (hasMetrics) {
      await each(session, intoTable(points, cells.pointsSql(dialect)), parameters);
      await each(session, intoTable(values, valuesSql(dialect, set, cells.grid, cells.readings)), {});
      const sql = metricFeatureSql(dialect, cells.grid, metrics, `SELECT cell, v_0 FROM ${values}`);
      const read = cells.answerReader();
      await each(session, sql, {}, (chunk) => writeMetricAnswer(answer, metrics, read(chunk)));
    }
    if (pairs.pairs.length > 0) {
      const select = pairValuesSql(pairs, cells.placedValues);
      await each(session, intoTable(pairValues, `${select} ORDER BY i, k, minute`), {});
      const sql = pairFeatureSql(dialect, pairs, pairValues);
      const read = answerReader(3);
      await each(session, sql, {}, (chunk) => writePairAnswer(answer, pairs, read(chunk)));
    }
    if (logs.length > 0) {
      const read = answerReader(2);
      await each(session, logFeatureSql(dialect, logs), parameters, (chunk) =>
        writeLogAnswer(answer, logs, read(chunk), !hasMetrics),
      );
    }
  } finally {
    for (const table of [points, values, pairValues]) {
      await session.connection.run(`DROP TABLE IF EXISTS temp.${table}`);
    }
  }
  return answer.finish();
}

/**
 * One number for the place of a reading: by instance, then metric, then minute, without a gap. It is quicker to
 * sort by and to carry along than the three, and says where an answer belongs by itself.
 */
class Cells {
  readonly grid: GridColumns;
  /** Of the points of a minute the last, which is the first one before another minute or the end. */
  readonly readings = `(SELECT cell, value AS reading
    FROM (SELECT cell, value, LEAD(cell) OVER () AS next_cell FROM ${points})
    WHERE next_cell IS DISTINCT FROM cell)`;
  /** Values by instance, metric and minute. */
  readonly placedValues: string;
  private readonly first: number;
  private readonly minutes: number;
  private readonly metrics: number;

  constructor(private readonly slice: FeatureSlice) {
    this.first = firstMinute(slice);
    this.minutes = slice.toMinute - this.first;
    this.metrics = slice.set.metrics.length;
    const metric = `(cell // ${this.minutes}) % ${this.metrics}`;
    this.grid = { place: ['cell'], series: ['cell'], metric };
    this.placedValues = `(SELECT cell // ${this.minutes * this.metrics} AS i, ${metric} AS m,
      cell % ${this.minutes} + ${this.first} AS minute, v_0 FROM ${values})`;
  }

  /** Points in the order of cell and time, and before those of each cell an empty one, so that none is left out. */
  pointsSql(dialect: Dialect): string {
    const { minutes, metrics, first, slice } = this;
    const minute = `${dialect.minuteOf('p."at"')} - ${first}`;
    const cell = `CAST((CAST(wanted.i AS INTEGER) * ${metrics} + measured.m) * ${minutes} + ${minute} AS INTEGER) AS cell`;
    const cells = slice.instances.length * metrics * minutes;
    return `SELECT cell, value FROM (
  ${pointsSql(dialect, slice.set, [cell, 'p.value', 'p."at" AS read_at'])}
  UNION ALL
  SELECT CAST(range AS INTEGER), NULL, NULL FROM range(${cells})
) ORDER BY cell, read_at NULLS FIRST`;
  }

  answerReader(): (chunk: DuckDBDataChunk) => AnswerRows {
    const { minutes, metrics, first } = this;
    const columns = new ChunkColumns();
    let places = Array.from({ length: 3 }, () => new Int32Array(0));
    return (chunk) => {
      const rows = chunk.rowCount;
      if (places[0]!.length < rows) places = places.map(() => new Int32Array(rows));
      const [instance, series, minute] = places as [Int32Array, Int32Array, Int32Array];
      const cells = columns.of(chunk, 0);
      for (let at = 0; at < rows; at++) {
        const whole = Math.floor(cells[at]! / minutes);
        minute[at] = cells[at]! - whole * minutes + first;
        instance[at] = Math.floor(whole / metrics);
        series[at] = whole % metrics;
      }
      return { rows, instance, series, minute, column: (index) => columns.of(chunk, 1 + index) };
    };
  }
}

function intoTable(table: string, select: string): string {
  return `CREATE OR REPLACE TEMP TABLE ${table} AS ${select}`;
}

/** Runs a statement with those of the parameters that it names, and hands its rows over as they come. */
async function each(
  { api, connection }: Session,
  sql: string,
  parameters: Parameters,
  take: (chunk: DuckDBDataChunk) => void = () => undefined,
): Promise<void> {
  const statement = await connection.prepare(sql);
  try {
    const named = Array.from({ length: statement.parameterCount }, (_, index) =>
      statement.parameterName(index + 1),
    );
    bindParameters(api, statement, Object.fromEntries(named.map((name) => [name, parameters[name]!])));
    const result = await statement.stream();
    // The engine makes the next rows while these are put in their places.
    let next = result.fetchChunk();
    try {
      for (;;) {
        const chunk = await next;
        if (!chunk || chunk.rowCount === 0) return;
        next = result.fetchChunk();
        take(chunk);
      }
    } finally {
      // Nothing may still be fetched from a statement that is destroyed; a failure was thrown already.
      await next.catch(() => undefined);
    }
  } finally {
    statement.destroySync();
  }
}

/** Columns of chunks as numbers, in memory that is used again for the next chunk. */
class ChunkColumns {
  private readonly held: Float64Array[] = [];

  of(chunk: DuckDBDataChunk, index: number): Float64Array {
    const vector = chunk.getColumnVector(index);
    const rows = chunk.rowCount;
    let column = this.held[index];
    if (!column || column.length < rows) column = this.held[index] = new Float64Array(rows);
    for (let row = 0; row < rows; row++) column[row] = Number(vector.getItem(row));
    return column;
  }
}

/** @param placeColumns instance, series and minute, or for logs instance and minute. */
function answerReader(placeColumns: number): (chunk: DuckDBDataChunk) => AnswerRows {
  const columns = new ChunkColumns();
  return (chunk) => ({
    rows: chunk.rowCount,
    instance: columns.of(chunk, 0),
    series: placeColumns === 3 ? columns.of(chunk, 1) : [],
    minute: columns.of(chunk, placeColumns - 1),
    column: (index) => columns.of(chunk, placeColumns + index),
  });
}
