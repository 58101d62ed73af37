import { logFunctions, type FeatureSet, type LogFunction } from '../../../contracts';
import type { Parameters } from '../parameters';
import type { Dialect } from './dialect';

export interface LogColumn {
  readonly function: LogFunction;
  readonly minutes: number;
  readonly template: string;
  /** Feature column. */
  readonly column: number;
}

export function logColumns({ definitions }: FeatureSet): LogColumn[] {
  return definitions.flatMap(({ function: feature, windowMinutes, inputs }, column) =>
    (logFunctions as readonly string[]).includes(feature)
      ? [{ function: feature as LogFunction, minutes: windowMinutes, template: inputs[0] ?? '', column }]
      : [],
  );
}

export function logParameters(columns: readonly LogColumn[]): Parameters {
  const levels = { error_level: 'error', fatal_level: 'fatal', warning_level: 'warning' } as const;
  const templates = columns.flatMap(({ function: feature, template }, index) =>
    feature === 'template_count' ? [[`template_${index}`, template] as const] : [],
  );
  return Object.fromEntries(
    [...Object.entries(levels), ...templates].map(([name, value]) => [name, ['text', value] as const]),
  );
}

/**
 * Rows (i, window_minute, then `columns`) for minutes whose windows hold at least one record or new template; in all
 * others counts are 0 and entropies are missing. A minute's counts are spread over the minutes whose windows they
 * fall into, then added up by template, then over templates: no grid of minutes and templates is ever made.
 */
export function logFeatureSql(dialect: Dialect, columns: readonly LogColumn[]): string {
  const at = `e.${dialect.quoted('at')}`;
  const instances = dialect.elements('instances', 'instance', 'i');
  const windows = [...new Set(columns.map(({ minutes }) => minutes))];
  const within = (time: string): string =>
    `${time} >= ${dialect.parameter('from_time')} AND ${time} < ${dialect.parameter('to_time')}`;
  const minutesOf = `
  SELECT wanted.i, ${dialect.minuteOf(at)} AS minute, e.template_id AS template, COUNT(*) AS records,
    SUM(CASE WHEN e.level = ${dialect.parameter('error_level')} OR e.level = ${dialect.parameter('fatal_level')} THEN 1 ELSE 0 END) AS errors,
    SUM(CASE WHEN e.level = ${dialect.parameter('warning_level')} THEN 1 ELSE 0 END) AS warnings, 0 AS fresh
  FROM ${dialect.tables.log_events} AS e JOIN ${instances} AS wanted ON e.instance = wanted.instance
  WHERE ${within(at)}
  GROUP BY wanted.i, ${dialect.minuteOf(at)}, e.template_id
  UNION ALL
  SELECT wanted.i, ${dialect.minuteOf('t.first_seen_at')}, NULL, 0, 0, 0, 1
  FROM ${dialect.tables.log_templates} AS t JOIN ${instances} AS wanted ON t.first_instance = wanted.instance
  WHERE ${within('t.first_seen_at')}`;
  const counts = ['records', 'errors', 'warnings', 'fresh'] as const;
  const byTemplate = `
SELECT i, minute + age AS window_minute, template, ${windows
    .flatMap((minutes) =>
      counts.map(
        (count) => `SUM(CASE WHEN age < ${minutes} THEN ${count} ELSE 0 END) AS ${count}_${minutes}`,
      ),
    )
    .join(', ')}
FROM (${minutesOf}) CROSS JOIN ${dialect.wholeNumbers('0', String(Math.max(...windows) - 1), 'age')} AS ages
GROUP BY i, minute + age, template`;
  const outputs = columns.map(
    (column, index) => `${dialect.output(expressionOf(dialect, column, index))} AS l_${index}`,
  );
  return `SELECT ${['i', 'window_minute', ...outputs].join(', ')} FROM (${byTemplate})
WHERE window_minute >= ${dialect.parameter('from_minute')} AND window_minute <= ${dialect.parameter('last_minute')}
GROUP BY i, window_minute`;
}

function expressionOf(dialect: Dialect, { function: feature, minutes }: LogColumn, index: number): string {
  const records = `records_${minutes}`;
  const weighted = `SUM(CASE WHEN ${records} > 0 THEN ${records} * LN(${records}) ELSE 0 END)`;
  const all = `SUM(${records})`;
  const expressions: Readonly<Record<LogFunction, string>> = {
    log_count: all,
    error_count: `SUM(errors_${minutes})`,
    warning_count: `SUM(warnings_${minutes})`,
    new_templates: `SUM(fresh_${minutes})`,
    template_count: `SUM(CASE WHEN template = ${dialect.parameter(`template_${index}`)} THEN ${records} ELSE 0 END)`,
    template_entropy: `CASE WHEN ${all} > 0 THEN (LN(${all}) - ${weighted} / ${all}) / LN(2) ELSE NULL END`,
  };
  return expressions[feature];
}
