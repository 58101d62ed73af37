import { leastCorrelatedMinutes, requiredMinutes, type FeatureSet } from '../../../contracts';
import { extend, type Dialect } from './dialect';

/** Two metrics, by their place in the set. */
export interface MetricPair {
  readonly one: number;
  readonly other: number;
  readonly ratioColumn: number;
  /** Feature column of the correlation over each of `PairColumns.windows`. */
  readonly correlationColumns: Int32Array;
}

export interface PairColumns {
  readonly pairs: readonly MetricPair[];
  readonly windows: readonly number[];
}

export function pairColumns({ metrics, definitions }: FeatureSet): PairColumns {
  const indexes = new Map(metrics.map(({ name }, index) => [name, index]));
  const windows = [
    ...new Set(
      definitions
        .filter(({ function: feature }) => feature === 'correlation')
        .map(({ windowMinutes }) => windowMinutes),
    ),
  ];
  const pairs = new Map<
    string,
    { one: number; other: number; ratioColumn: number; correlationColumns: Int32Array }
  >();
  definitions.forEach(({ function: feature, inputs, windowMinutes }, column) => {
    if (feature !== 'ratio' && feature !== 'correlation') return;
    const [one, other] = [indexes.get(inputs[0]!)!, indexes.get(inputs[1]!)!];
    const key = `${one} ${other}`;
    const pair = pairs.get(key) ?? {
      one,
      other,
      ratioColumn: -1,
      correlationColumns: new Int32Array(windows.length).fill(-1),
    };
    pairs.set(key, pair);
    if (feature === 'ratio') pair.ratioColumn = column;
    else pair.correlationColumns[windows.indexOf(windowMinutes)] = column;
  });
  return { pairs: [...pairs.values()], windows };
}

/** Rows (i, k, minute, x, y): the values of both metrics of pair `k`, from rows (i, m, minute, v_0) of `values`. */
export function pairValuesSql({ pairs }: PairColumns, values: string): string {
  const list = pairs.map(({ one, other }, k) => `SELECT ${k} AS k, ${one} AS one, ${other} AS other`);
  return `SELECT wanted.k, a.i, a.minute, a.v_0 AS x, b.v_0 AS y
FROM (${list.join(' UNION ALL ')}) AS wanted
JOIN ${values} AS a ON a.m = wanted.one
JOIN ${values} AS b ON b.m = wanted.other AND b.i = a.i AND b.minute = a.minute`;
}

/**
 * Rows (i, k, minute, ratio, then a correlation for each window), from rows of `pairValuesSql`. The correlation
 * takes minutes with both values, and differences to the newest of them, as the mean and the variance do.
 */
export function pairFeatureSql(dialect: Dialect, { windows }: PairColumns, pairValues: string): string {
  const over = dialect.over(['i', 'k']);
  const longest = Math.max(0, ...windows);
  const names = ['x', 'y'] as const;
  let sql = `SELECT i, k, minute, ${dialect.divide('x', 'y')} AS ratio,
    CASE WHEN y IS NULL THEN NULL ELSE x END AS x_0, CASE WHEN x IS NULL THEN NULL ELSE y END AS y_0
  FROM ${pairValues}`;
  sql = extend(
    sql,
    names.flatMap((name) =>
      Array.from({ length: Math.max(0, longest - 1) }, (_, index) => index + 1).map(
        (age) => `LAG(${name}_0, ${age}) OVER ${over} AS ${name}_${age}`,
      ),
    ),
  );
  const ages = (minutes: number): number[] => Array.from({ length: minutes }, (_, age) => age);
  const sum = (terms: readonly string[]): string => terms.join(' + ');
  sql = extend(
    sql,
    windows.flatMap((minutes) => [
      `${sum(ages(minutes).map((age) => dialect.presence(`x_${age}`)))} AS n_${minutes}`,
      ...names.map(
        (name) =>
          `COALESCE(${[...ages(minutes).map((age) => `${name}_${age}`), 'NULL'].join(', ')}) AS ${name}_shift_${minutes}`,
      ),
    ]),
  );
  sql = extend(
    sql,
    windows.flatMap((minutes) =>
      names.flatMap((name) =>
        ages(minutes).map(
          (age) => `COALESCE(${name}_${age} - ${name}_shift_${minutes}, 0) AS d${name}_${minutes}_${age}`,
        ),
      ),
    ),
  );
  sql = extend(
    sql,
    windows.flatMap((minutes) => {
      const products = (a: string, b: string): string =>
        sum(ages(minutes).map((age) => `d${a}_${minutes}_${age} * d${b}_${minutes}_${age}`));
      return [
        ...names.map(
          (name) =>
            `${sum(ages(minutes).map((age) => `d${name}_${minutes}_${age}`))} AS sum_${name}_${minutes}`,
        ),
        `${products('x', 'x')} AS squares_x_${minutes}`,
        `${products('y', 'y')} AS squares_y_${minutes}`,
        `${products('x', 'y')} AS products_${minutes}`,
      ];
    }),
  );
  sql = extend(
    sql,
    windows.flatMap((minutes) => {
      const centred = (of: string, a: string, b: string): string =>
        `CASE WHEN n_${minutes} >= ${Math.max(leastCorrelatedMinutes, requiredMinutes(minutes))}
          THEN ${of}_${minutes} - sum_${a}_${minutes} * sum_${b}_${minutes} / n_${minutes} ELSE NULL END`;
      return [
        `${centred('squares_x', 'x', 'x')} AS variance_x_${minutes}`,
        `${centred('squares_y', 'y', 'y')} AS variance_y_${minutes}`,
        `${centred('products', 'x', 'y')} AS covariance_${minutes}`,
      ];
    }),
  );
  const correlations = windows.map((minutes, index) => {
    const [x, y] = names.map((name) => `variance_${name}_${minutes}`);
    const quotient = dialect.divide(`covariance_${minutes}`, `(SQRT(${x}) * SQRT(${y}))`);
    const bounded = `GREATEST(-1, LEAST(1, ${quotient}))`;
    const correlation = `CASE WHEN ${x} > 0 AND ${y} > 0 THEN ${bounded} ELSE NULL END`;
    return `${dialect.output(correlation)} AS c_${index}`;
  });
  return `SELECT ${['i', 'k', 'minute', `${dialect.output('ratio')} AS ratio`, ...correlations].join(', ')} FROM (${sql})`;
}
