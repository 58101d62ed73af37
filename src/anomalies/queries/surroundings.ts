import {
  isQuarterdeckError,
  QuarterdeckError,
  shiftTimestamp,
  toTimestamp,
  type MetricPoint,
  type Surroundings,
  type Timestamp,
} from '../../contracts';
import { medianOf, robustDeviationOf } from '../../learn/outlier/statistical/scale';
import type { Platform } from '../../platform/platform';

interface SurroundingsQuery {
  readonly instance: string;
  readonly at: string;
  readonly minutes: number;
  readonly limit: number;
}

type Metric = Surroundings['metrics'][number];

const minuteMs = 60_000;
/** Fewer points have no usual level. */
const fewestPoints = 5;

/**
 * `GET /api/anomalies/surroundings`: the metrics of an instance up to and including the minute of a row, those that
 * left their usual level the furthest first. Counters are shown as what they grew by between two points.
 * @throws INPUT_INVALID
 */
export async function surroundings(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { instance, at, minutes, limit }: SurroundingsQuery,
  signal: AbortSignal,
): Promise<Surroundings> {
  const to = shiftTimestamp(timeOf(at), minuteMs);
  const from = shiftTimestamp(to, -minutes * minuteMs);
  const points = await warehouse.recentPoints({ instance, from, to }, signal);
  const described = [...byMetric(points).values()]
    .map(describe)
    .filter(({ points: shown }) => shown.length > 0);
  described.sort((a, b) => strength(b) - strength(a) || (a.metric < b.metric ? -1 : 1));
  return { from, to, metrics: described.slice(0, limit) };
}

function byMetric(points: readonly MetricPoint[]): Map<string, MetricPoint[]> {
  const metrics = new Map<string, MetricPoint[]>();
  for (const point of points) {
    const known = metrics.get(point.metric);
    if (known) known.push(point);
    else metrics.set(point.metric, [point]);
  }
  return metrics;
}

function describe(points: readonly MetricPoint[]): Metric {
  const { metric, kind, unit } = points.at(-1)!;
  const shown = kind === 'counter' ? growth(points) : points.map(({ at, value }) => ({ at, value }));
  return { metric, kind, unit, deviation: deviationOfLast(shown.map(({ value }) => value)), points: shown };
}

/** A counter that falls has started again at 0. */
function growth(points: readonly MetricPoint[]): Metric['points'] {
  return points.slice(1).map(({ at, value }, index) => {
    const before = points[index]!.value;
    return { at, value: value >= before ? value - before : value };
  });
}

/** (last − median of the others) / (1.4826 × their median absolute deviation); null when they do not vary. */
function deviationOfLast(values: readonly number[]): number | null {
  if (values.length < fewestPoints) return null;
  const others = Float64Array.from(values.slice(0, -1));
  const center = medianOf(others);
  const deviation = (values.at(-1)! - center) / robustDeviationOf(others, center);
  return Number.isFinite(deviation) ? deviation : null;
}

const strength = ({ deviation }: Metric): number => Math.abs(deviation ?? 0);

function timeOf(text: string): Timestamp {
  try {
    return toTimestamp(text);
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    throw new QuarterdeckError('INPUT_INVALID', `at: ${error.message}`, { culprit: { field: 'at' } });
  }
}
