import { carryMinutes, largestReading, type FeatureSet } from '../../../contracts';
import type { Parameters } from '../parameters';
import type { TableNames } from '../tableNames';

/** Where the engines' SQL differs, as far as features need it. */
export interface Dialect {
  readonly tables: Pick<TableNames, 'metric_points' | 'log_events' | 'log_templates'>;
  /** A parameter by name. */
  parameter(name: string): string;
  /** An identifier that may be a reserved word. */
  quoted(name: string): string;
  /** Minutes since 1970, rounded down, of a timestamp. */
  minuteOf(timestamp: string): string;
  /** FROM item with one row per element of a list of texts and its place in it, from 0. */
  elements(parameter: string, element: string, place: string): string;
  /** FROM item with one row per whole number from one parameter to another, both included. */
  wholeNumbers(first: string, last: string, name: string): string;
  /** What stands after OVER for "the rows of this series before this one", given the columns that name a series. */
  over(series: readonly string[]): string;
  /** 1 where the value is there, 0 where it is null. */
  presence(value: string): string;
  /** The lesser or the greater of two numbers, or the one that is there. */
  extreme(side: 'LEAST' | 'GREATEST', one: string, other: string): string;
  /** Null where the quotient is no number or too large for the engine. */
  divide(numerator: string, denominator: string): string;
  /** A single-precision column of the answer. */
  output(value: string): string;
}

/** One slice of minutes of some instances. */
export interface FeatureSlice {
  readonly set: FeatureSet;
  readonly instances: readonly string[];
  /** First minute that is asked for, and the one after the last. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Minutes before the first one that features look back on. */
  readonly lookback: number;
}

/** Minutes of readings before the first row: what its oldest value is made from. */
export function firstMinute({ fromMinute, lookback }: Pick<FeatureSlice, 'fromMinute' | 'lookback'>): number {
  // The oldest increment needs the minute before, whose reading may be a carried one.
  return fromMinute - lookback - carryMinutes - 1;
}

export function sliceParameters(slice: FeatureSlice): Parameters {
  return {
    instances: ['texts', slice.instances],
    metrics: ['texts', slice.set.metrics.map(({ name }) => name)],
    first_minute: ['integer', firstMinute(slice)],
    last_minute: ['integer', slice.toMinute - 1],
  };
}

/** Condition on a point `p` of the metric `measured`: its value is one that features are made of. */
export function usableReading({ metrics }: FeatureSet): string {
  const outside = metrics.flatMap(({ minimum, maximum }, m) => [
    ...(minimum === undefined ? [] : [`(measured.m = ${m} AND p.value < ${minimum})`]),
    ...(maximum === undefined ? [] : [`(measured.m = ${m} AND p.value > ${maximum})`]),
  ]);
  const finite = `ABS(p.value) <= ${largestReading.toExponential()}`;
  return outside.length === 0 ? finite : `${finite} AND NOT (${outside.join(' OR ')})`;
}

/** Usable points of a slice, with `columns` of the point `p`, its instance `wanted` and its metric `measured`. */
export function pointsSql(dialect: Dialect, set: FeatureSet, columns: readonly string[]): string {
  const at = `p.${dialect.quoted('at')}`;
  return `SELECT ${columns.join(', ')} FROM ${dialect.tables.metric_points} AS p
  JOIN ${dialect.elements('instances', 'instance', 'i')} AS wanted ON p.instance = wanted.instance
  JOIN ${dialect.elements('metrics', 'metric', 'm')} AS measured ON p.metric = measured.metric
  WHERE ${at} >= ${dialect.parameter('from_time')} AND ${at} < ${dialect.parameter('to_time')}
    AND ${usableReading(set)}`;
}

/** Points of `p` in the slice that no feature is made of, newest first. */
export function unusablePointsSql(dialect: Dialect, set: FeatureSet, columns: string): string {
  const at = `p.${dialect.quoted('at')}`;
  return `SELECT ${columns} FROM ${dialect.tables.metric_points} AS p
  JOIN ${dialect.elements('instances', 'instance', 'i')} AS wanted ON p.instance = wanted.instance
  JOIN ${dialect.elements('metrics', 'metric', 'm')} AS measured ON p.metric = measured.metric
  WHERE ${at} >= ${dialect.parameter('from_time')} AND ${at} < ${dialect.parameter('to_time')}
    AND NOT (${usableReading(set)})
  ORDER BY ${at} DESC, p.instance, p.metric LIMIT ${dialect.parameter('row_limit')}`;
}

/** All columns of `from` and those that are added to them. */
export function extend(from: string, added: readonly string[]): string {
  return added.length === 0 ? from : `SELECT *, ${added.join(', ')} FROM (${from})`;
}

/** How the rows of a series on the grid are named. */
export interface GridColumns {
  /** Columns that together are the place of a row. */
  readonly place: readonly string[];
  /** Those of them that name its series. */
  readonly series: readonly string[];
  /** Place of a row's metric in the set. */
  readonly metric: string;
}

/**
 * Values on the grid, `v_0`, from readings on it: carried and, for counters, taken as increments.
 * @param readings FROM item with the columns of the place and `reading`, null where there is none.
 */
export function valuesSql(dialect: Dialect, set: FeatureSet, grid: GridColumns, readings: string): string {
  const over = dialect.over(grid.series);
  const place = grid.place.join(', ');
  const ages = Array.from({ length: carryMinutes + 1 }, (_, age) => age + 1);
  const lagged = extend(
    `SELECT ${place}, reading FROM ${readings}`,
    ages.map((age) => `LAG(reading, ${age}) OVER ${over} AS reading_${age}`),
  );
  const carried = (from: number): string =>
    Array.from({ length: carryMinutes + 1 }, (_, age) =>
      from + age === 0 ? 'reading' : `reading_${from + age}`,
    ).join(', ');
  const counters = set.metrics.flatMap(({ kind }, index) => (kind === 'counter' ? [index] : []));
  const filled = `SELECT ${place}, COALESCE(${carried(0)}) AS filled, COALESCE(${carried(1)}) AS before FROM (${lagged})`;
  const value =
    counters.length === 0
      ? 'filled'
      : `CASE WHEN ${grid.metric} IN (${counters.join(', ')})
          THEN CASE WHEN filled < before THEN filled ELSE filled - before END ELSE filled END`;
  return `SELECT ${place}, ${value} AS v_0 FROM (${filled})`;
}
