import type { FeatureOperations, FeatureRows } from '../featureOperations';
import { writeLogAnswer, writeMetricAnswer, writePairAnswer, type AnswerRows } from '../features/answers';
import {
  readingsSql,
  unusablePointsSql,
  valuesSql,
  type Dialect,
  type FeatureSlice,
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
    latest: (value, time) => `MAX_BY(${value}, ${time})`,
    over: (series) => `(PARTITION BY ${series.join(', ')} ORDER BY minute)`,
    presence: (value) => `IF(${value} IS NULL, 0, 1)`,
    divide: (numerator, denominator) =>
      `IF(ABS(SAFE_DIVIDE(${numerator}, ${denominator})) <= 1e30, SAFE_DIVIDE(${numerator}, ${denominator}), NULL)`,
    output: (value) => value,
  };
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
  const grid = new FeatureGrid(slice);
  const parameters = allParameters(slice);
  const ask = async (sql: string): Promise<AnswerRows> =>
    answerRows(await select(connection, 'computing features', sql, namedIn(sql, parameters), signal));
  const [pairs, logs] = [pairColumns(set), logColumns(set)];
  // One statement has no order and no memory of another: each starts from the points, and cuts off the minutes
  // that are only looked back on.
  const values = `(${valuesSql(dialect, set, `(${readingsSql(dialect, set)})`)})`;
  const fromSlice = (sql: string): string => `SELECT * FROM (${sql}) WHERE minute >= @from_minute`;
  const metrics = metricColumns(set);
  if (set.metrics.length > 0) {
    const sql = metricFeatureSql(dialect, metrics, `SELECT i, m, minute, v_0 FROM ${values}`);
    writeMetricAnswer(grid, metrics, await ask(fromSlice(sql)));
  }
  if (pairs.pairs.length > 0) {
    const sql = pairFeatureSql(dialect, pairs, `(${pairValuesSql(pairs, 'series')})`);
    writePairAnswer(grid, pairs, await ask(`WITH series AS ${values} ${fromSlice(sql)}`));
  }
  if (logs.length > 0) {
    writeLogAnswer(grid, logs, await ask(logFeatureSql(dialect, logs)), set.metrics.length === 0);
  }
  return grid.finish();
}

function answerRows(rows: readonly (readonly RestValue[])[]): AnswerRows {
  return {
    rows: rows.length,
    number(column, row) {
      const cell = rows[row]![column] ?? null;
      return cell === null ? Number.NaN : Number(cell);
    },
  };
}

/** BigQuery takes no parameter that the statement does not name. */
function namedIn(sql: string, parameters: Parameters): Parameters {
  const names = new Set(sql.match(/@\w+/g)?.map((name) => name.slice(1)));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
}
