import {
  timestampMs,
  type FeatureSet,
  type LogLevel,
  type LogTemplate,
  type Timestamp,
} from '../../contracts';
import type { InstanceSeries, MinuteLogs } from '../features';

/** Points and records of one instance on the grid of minutes that features are computed on. */

const minuteMs = 60_000;

export interface SeriesPoint {
  readonly metric: string;
  readonly at: Timestamp;
  readonly value: number;
}

export interface SeriesLog {
  readonly at: Timestamp;
  readonly level: LogLevel;
  readonly templateId?: string | undefined;
}

export function minuteOf(at: Timestamp): number {
  return Math.floor(timestampMs(at) / minuteMs);
}

/**
 * Minutes `from` to `to`, both included. Of several readings of a metric in one minute the last stands, as in the
 * warehouse. Metrics that the set does not know are passed over.
 * @param firstSeen what `firstSeenBy` says of the instance; without it no record counts as new
 */
export function seriesOf(
  set: FeatureSet,
  points: readonly SeriesPoint[],
  logs: readonly SeriesLog[],
  { from, to }: { readonly from: number; readonly to: number },
  firstSeen: ReadonlyMap<string, Timestamp> = new Map(),
): InstanceSeries {
  const n = to - from + 1;
  const d = set.metrics.length;
  const columns = new Map(set.metrics.map(({ name }, column) => [name, column]));
  const values = new Float64Array(n * d).fill(Number.NaN);
  const readAt: (Timestamp | undefined)[] = Array.from({ length: n * d }, () => undefined);
  for (const { metric, at, value } of points) {
    const column = columns.get(metric);
    const row = minuteOf(at) - from;
    if (column === undefined || row < 0 || row >= n) continue;
    const cell = row * d + column;
    const known = readAt[cell];
    if (known !== undefined && known > at) continue;
    readAt[cell] = at;
    values[cell] = value;
  }
  return { startMinute: from, values: { values, n, d }, logs: logsOf(logs, from, n, firstSeen) };
}

/**
 * When each template was first seen, of those that the instance was the first to log: the others were not new, or new
 * elsewhere, and so the warehouse counts them.
 */
export function firstSeenBy(
  instance: string,
  templates: readonly Pick<LogTemplate, 'templateId' | 'firstInstance' | 'firstSeenAt'>[],
): Map<string, Timestamp> {
  const own = templates.filter(({ firstInstance }) => firstInstance === instance);
  return new Map(own.map(({ templateId, firstSeenAt }) => [templateId, firstSeenAt]));
}

interface Counting {
  errors: number;
  warnings: number;
  newTemplates: number;
  readonly templates: Record<string, number>;
}

function logsOf(
  logs: readonly SeriesLog[],
  from: number,
  n: number,
  firstSeen: ReadonlyMap<string, Timestamp>,
): (MinuteLogs | undefined)[] {
  const minutes: (Counting | undefined)[] = Array.from({ length: n }, () => undefined);
  const counted = new Set<string>();
  for (const { at, level, templateId = '' } of logs) {
    const row = minuteOf(at) - from;
    if (row < 0 || row >= n) continue;
    const minute = (minutes[row] ??= {
      errors: 0,
      warnings: 0,
      newTemplates: 0,
      templates: Object.create(null) as Record<string, number>,
    });
    if (level === 'error' || level === 'fatal') minute.errors += 1;
    else if (level === 'warning') minute.warnings += 1;
    minute.templates[templateId] = (minute.templates[templateId] ?? 0) + 1;
    const first = firstSeen.get(templateId);
    if (first !== undefined && minuteOf(first) === from + row && !counted.has(templateId)) {
      counted.add(templateId);
      minute.newTemplates += 1;
    }
  }
  return minutes;
}
