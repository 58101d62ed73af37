import { metricFunctions, requiredMinutes, type FeatureSet, type MetricFunction } from '../../../contracts';
import { extend, type Dialect, type GridColumns } from './dialect';

/** One column of the SQL's answer: a function over a window, for every metric. */
export interface MetricColumn {
  readonly function: MetricFunction;
  readonly minutes: number;
  /** Feature column per metric of the set, −1 where this metric does not have it. */
  readonly columnOf: Int32Array;
}

/** What is computed of metrics alone, each function once for all metrics that use it. */
export function metricColumns({ metrics, definitions }: FeatureSet): MetricColumn[] {
  const columns = new Map<string, MetricColumn>();
  const indexes = new Map(metrics.map(({ name }, index) => [name, index]));
  definitions.forEach(({ function: feature, windowMinutes, inputs }, column) => {
    if (!(metricFunctions as readonly string[]).includes(feature)) return;
    const key = `${feature} ${windowMinutes}`;
    const known = columns.get(key) ?? {
      function: feature as MetricFunction,
      minutes: windowMinutes,
      columnOf: new Int32Array(metrics.length).fill(-1),
    };
    columns.set(key, known);
    known.columnOf[indexes.get(inputs[0]!)!] = column;
  });
  return [...columns.values()];
}

/**
 * Rows (place, presence of a value, then `columns`) of a slice, in long form: the pivot to a row per minute
 * is where the answer is written, because SQL that pivots 38 metrics costs six times the rest.
 *
 * Mean and variance come from differences to the newest value in the window, `shift`: they are small when the
 * values are close to each other, however large these are, and the newest value is itself in the window, so the
 * one-pass formula loses at most the size of the window in relative precision. Minimum and maximum of n minutes are
 * made of those of two halves that overlap.
 *
 * @param values SELECT of the place and `v_0`, as `valuesSql` gives them.
 */
export function metricFeatureSql(
  dialect: Dialect,
  grid: GridColumns,
  columns: readonly MetricColumn[],
  values: string,
): string {
  const over = dialect.over(grid.series);
  const lag = (name: string, minutes: number): string => `LAG(${name}, ${minutes}) OVER ${over}`;
  const uses = (...functions: readonly MetricFunction[]): number[] => [
    ...new Set(columns.filter((column) => functions.includes(column.function)).map(({ minutes }) => minutes)),
  ];
  const shifted = uses('mean', 'std', 'increase', 'rate');
  const extremes = uses('min', 'max');
  const windows = [...new Set([...shifted, ...extremes])];

  const longest = Math.max(0, ...windows);
  const lags = new Set([
    ...Array.from({ length: Math.max(0, longest - 1) }, (_, index) => index + 1),
    ...uses('lag', 'change'),
  ]);
  let sql = extend(
    values,
    [...lags].map((minutes) => `${lag('v_0', minutes)} AS v_${minutes}`),
  );
  sql = withExtremes(sql, extremes, dialect, lag);
  const ages = (minutes: number): number[] => Array.from({ length: minutes }, (_, age) => age);
  sql = extend(sql, [
    ...windows.map(
      (minutes) =>
        `${ages(minutes)
          .map((age) => dialect.presence(`v_${age}`))
          .join(' + ')} AS n_${minutes}`,
    ),
    ...shifted.map(
      (minutes) =>
        `COALESCE(${[...ages(minutes).map((age) => `v_${age}`), 'NULL'].join(', ')}) AS shift_${minutes}`,
    ),
  ]);
  sql = extend(
    sql,
    shifted.flatMap((minutes) =>
      ages(minutes).map((age) => `COALESCE(v_${age} - shift_${minutes}, 0) AS d_${minutes}_${age}`),
    ),
  );
  sql = extend(
    sql,
    shifted.flatMap((minutes) => {
      const differences = ages(minutes).map((age) => `d_${minutes}_${age}`);
      return [
        `${differences.join(' + ')} AS sum_${minutes}`,
        `${differences.map((name) => `${name} * ${name}`).join(' + ')} AS squares_${minutes}`,
      ];
    }),
  );
  const outputs = columns.map((column, index) => `${dialect.output(expressionOf(column))} AS f_${index}`);
  return `SELECT ${[...grid.place, `${dialect.presence('v_0')} AS present`, ...outputs].join(', ')} FROM (${sql})`;
}

const sides = { least: 'LEAST', greatest: 'GREATEST' } as const;

function withExtremes(
  sql: string,
  windows: readonly number[],
  dialect: Dialect,
  lag: (name: string, minutes: number) => string,
): string {
  if (windows.length === 0) return sql;
  const names = Object.keys(sides) as (keyof typeof sides)[];
  /** The extremes of `minutes` from those of `half` of them, now and `minutes - half` ago. */
  const grown = (from: string, half: number, minutes: number): string =>
    extend(
      extend(
        from,
        names.map((side) => `${lag(`${side}_${half}`, minutes - half)} AS ${side}_before_${minutes}`),
      ),
      names.map(
        (side) =>
          `${dialect.extreme(sides[side], `${side}_${half}`, `${side}_before_${minutes}`)} AS ${side}_${minutes}`,
      ),
    );
  let result = extend(
    sql,
    names.map((side) => `v_0 AS ${side}_1`),
  );
  const longest = Math.max(...windows);
  const halves = [1];
  for (let half = 1; half * 2 <= longest; half *= 2) {
    result = grown(result, half, half * 2);
    halves.push(half * 2);
  }
  for (const minutes of windows.filter((window) => !halves.includes(window))) {
    result = grown(result, Math.max(...halves.filter((half) => half < minutes)), minutes);
  }
  return result;
}

function expressionOf({ function: feature, minutes }: MetricColumn): string {
  const enough = (value: string): string =>
    `CASE WHEN n_${minutes} >= ${requiredMinutes(minutes)} THEN ${value} ELSE NULL END`;
  const total = `(shift_${minutes} * n_${minutes} + sum_${minutes})`;
  const expressions: Readonly<Record<MetricFunction, string>> = {
    value: 'v_0',
    mean: enough(`shift_${minutes} + sum_${minutes} / n_${minutes}`),
    std: enough(
      `SQRT(GREATEST(0, (squares_${minutes} - sum_${minutes} * sum_${minutes} / n_${minutes}) / n_${minutes}))`,
    ),
    min: enough(`least_${minutes}`),
    max: enough(`greatest_${minutes}`),
    increase: enough(total),
    rate: enough(`${total} / (60 * n_${minutes})`),
    lag: `v_${minutes}`,
    change: `(v_0 - v_${minutes}) / ${minutes}`,
  };
  return expressions[feature];
}
