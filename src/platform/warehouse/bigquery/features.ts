import type { FeatureSet } from '../../../contracts';
import type { FeatureOperations, FeatureRows } from '../featureOperations';
import { writeLogAnswer, writeMetricAnswer, writePairAnswer, type AnswerRows } from '../features/answers';
import {
  pointsSql,
  unusablePointsSql,
  valuesSql,
  type Dialect,
  type FeatureSlice,
  type GridColumns,
} from '../features/dialect';
import { FeatureGrid } from '../features/featureGrid';
import { allParameters, slicesOf, unusableParameters } from '../features/featureSlices';
import { inOrder } from '../features/inOrder';
import { logColumns, logFeatureSql } from '../features/logSql';
import { metricColumns, metricFeatureSql } from '../features/metricSql';
import { pairColumns, pairFeatureSql, pairValuesSql } from '../features/pairSql';
import { Conditions, type Parameters } from '../parameters';
import { dataQualityTable, metricPointsTable } from '../tables';
import { select } from './jobs';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';
import type { RestValue } from './values';

/** Readings on the grid per query: about a day of 38 metrics, which is a partition; the answer is held as objects. */
const cellsPerSlice = 50_000;
const slicesAtOnce = 4;

function dialectOf(tables: Dialect['tables']): Dialect {
  return {
    tables,
    parameter: (name) => `@${name}`,
    quoted: (name) => `\`${name}\``,
    minuteOf: (timestamp) => `DIV(UNIX_MICROS(${timestamp}), 60000000)`,
    elements: (parameter, element, place) =>
      `(SELECT ${element}, ${place} FROM UNNEST(@${parameter}) AS ${element} WITH OFFSET AS ${place})`,
    wholeNumbers: (first, last, name) =>
      `(SELECT ${name} FROM UNNEST(GENERATE_ARRAY(${first}, ${last})) AS ${name})`,
    over: (series) => `(PARTITION BY ${series.join(', ')} ORDER BY minute)`,
    presence: (value) => `IF(${value} IS NULL, 0, 1)`,
    extreme: (side, one, other) => `COALESCE(${side}(${one}, ${other}), ${one}, ${other})`,
    divide: (numerator, denominator) =>
      `IF(ABS(SAFE_DIVIDE(${numerator}, ${denominator})) <= 1e30, SAFE_DIVIDE(${numerator}, ${denominator}), NULL)`,
    output: (value) => value,
  };
}

const grid: GridColumns = { place: ['i', 'm', 'minute'], series: ['i', 'm'], metric: 'm' };

/**
 * Readings on the grid: a row for each instance, metric and minute, with the last usable point of the minute or
 * null. The empty grid joins the points before they are grouped, which is cheaper than a join after it.
 */
function readingsSql(dialect: Dialect, set: FeatureSet): string {
  const at = `p.${dialect.quoted('at')}`;
  const points = pointsSql(dialect, set, [
    'wanted.i',
    'measured.m',
    `${dialect.minuteOf(at)} AS minute`,
    'p.value',
    `${at} AS read_at`,
  ]);
  return `SELECT i, m, minute, MAX_BY(value, read_at) AS reading FROM (
  ${points}
  UNION ALL
  SELECT wanted.i, measured.m, times.minute, NULL, NULL
  FROM ${dialect.elements('instances', 'instance', 'i')} AS wanted
  CROSS JOIN ${dialect.elements('metrics', 'metric', 'm')} AS measured
  CROSS JOIN ${dialect.wholeNumbers('@first_minute', '@last_minute', 'minute')} AS times
) GROUP BY i, m, minute`;
}

export function featureOperations(context: MergeContext): FeatureOperations {
  const { quoted } = context.references;
  const dialect = dialectOf(quoted);
  return {
    metricFeatures(query, signal) {
      return inOrder(slicesOf(query, cellsPerSlice), slicesAtOnce, signal, (slice, either) =>
        computeSlice(context, dialect, slice, either),
      );
    },

    async unusablePoints(query, signal) {
      return selectRows(
        context,
        'reading unusable points',
        unusablePointsSql(dialect, query.set, columnsOf(metricPointsTable, 'p')),
        unusableParameters(query),
        metricPointsTable.columns,
        signal,
      );
    },

    async recentPoints({ instance, from, to }, signal) {
      return selectRows(
        context,
        'reading metric points',
        `SELECT ${columnsOf(metricPointsTable, 'p')} FROM ${quoted.metric_points} p
         WHERE p.instance = @instance AND p.\`at\` >= @from_time AND p.\`at\` < @to_time
         ORDER BY p.metric, p.\`at\``,
        { instance: ['text', instance], from_time: ['timestamp', from], to_time: ['timestamp', to] },
        metricPointsTable.columns,
        signal,
      );
    },

    async mergeDataQuality(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing data quality', dataQualityTable, rows, signal);
    },

    async dataQuality(query, signal) {
      const where = new Conditions();
      if (query.subject !== undefined)
        where.add('q.subject = @subject', { subject: ['text', query.subject] });
      if (query.scope !== undefined) where.add('q.scope = @scope', { scope: ['text', query.scope] });
      return selectRows(
        context,
        'reading data quality',
        `SELECT ${columnsOf(dataQualityTable, 'q')} FROM ${quoted.data_quality} q WHERE ${where.sql}
         ORDER BY q.checked_at DESC, q.batch_id, q.scope LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        dataQualityTable.columns,
        signal,
      );
    },
  };
}

async function computeSlice(
  { connection }: MergeContext,
  dialect: Dialect,
  slice: FeatureSlice,
  signal: AbortSignal,
): Promise<FeatureRows> {
  const { set } = slice;
  const answer = new FeatureGrid(slice);
  const parameters = allParameters(slice);
  const ask = async (sql: string, placeColumns: number): Promise<AnswerRows> => {
    const rows = await select(connection, 'computing features', sql, namedIn(sql, parameters), signal);
    return answerRows(rows, placeColumns);
  };
  const [pairs, logs] = [pairColumns(set), logColumns(set)];
  // One statement has no order and no memory of another: each starts from the points, and cuts off the minutes
  // that are only looked back on.
  const values = `(${valuesSql(dialect, set, grid, `(${readingsSql(dialect, set)})`)})`;
  const fromSlice = (sql: string): string => `SELECT * FROM (${sql}) WHERE minute >= @from_minute`;
  const metrics = metricColumns(set);
  if (set.metrics.length > 0) {
    const sql = metricFeatureSql(dialect, grid, metrics, `SELECT i, m, minute, v_0 FROM ${values}`);
    writeMetricAnswer(answer, metrics, await ask(fromSlice(sql), 3));
  }
  if (pairs.pairs.length > 0) {
    const sql = pairFeatureSql(dialect, pairs, `(${pairValuesSql(pairs, 'series')})`);
    writePairAnswer(answer, pairs, await ask(`WITH series AS ${values} ${fromSlice(sql)}`, 3));
  }
  if (logs.length > 0) {
    writeLogAnswer(answer, logs, await ask(logFeatureSql(dialect, logs), 2), set.metrics.length === 0);
  }
  return answer.finish();
}

/** @param placeColumns instance, series and minute, or for logs instance and minute. */
function answerRows(rows: readonly (readonly RestValue[])[], placeColumns: number): AnswerRows {
  const column = (index: number): Float64Array =>
    Float64Array.from(rows, (row) => {
      const cell = row[index] ?? null;
      return cell === null ? Number.NaN : Number(cell);
    });
  return {
    rows: rows.length,
    instance: column(0),
    series: placeColumns === 3 ? column(1) : [],
    minute: column(placeColumns - 1),
    column: (index) => column(placeColumns + index),
  };
}

/** BigQuery takes no parameter that the statement does not name. */
function namedIn(sql: string, parameters: Parameters): Parameters {
  const names = new Set(sql.match(/@\w+/g)?.map((name) => name.slice(1)));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
}
