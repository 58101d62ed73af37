import { timestampMs, type MetricPoint } from '../../../contracts';

/** One metric of one instance, in order of time. */
export interface MetricSeries {
  readonly instance: string;
  readonly metric: string;
  /** Milliseconds since 1970, ascending. */
  readonly atMs: Float64Array;
  /** Beside `atMs`; NaN where there is none. Of a counter, by how much it grew per minute. */
  readonly values: Float64Array;
}

const minuteMs = 60_000;

/** Points in any order as series, which take a fraction of their memory. */
export function metricSeries(points: Iterable<MetricPoint>): MetricSeries[] {
  const found = new Map<string, { first: MetricPoint; at: [number, number][] }>();
  for (const point of points) {
    const key = `${point.instance}\n${point.metric}`;
    const value: [number, number] = [
      timestampMs(point.at),
      Number.isFinite(point.value) ? point.value : Number.NaN,
    ];
    const known = found.get(key);
    if (known) known.at.push(value);
    else found.set(key, { first: point, at: [value] });
  }
  return Array.from(found.values(), ({ first: { instance, metric, kind }, at }) => {
    at.sort((a, b) => a[0] - b[0]);
    const atMs = Float64Array.from(at, ([ms]) => ms);
    const values = Float64Array.from(at, ([, value]) => value);
    return { instance, metric, atMs, values: kind === 'counter' ? growth(atMs, values) : values };
  });
}

/** A counter that falls has started again at 0. */
function growth(atMs: Float64Array, values: Float64Array): Float64Array {
  return values.map((value, position) => {
    if (position === 0) return Number.NaN;
    const before = values[position - 1]!;
    return (value < before ? value : value - before) / ((atMs[position]! - atMs[position - 1]!) / minuteMs);
  });
}
