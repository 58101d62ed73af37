import { changeOf, type MetricWindows } from './changeOf';
import { metricKind, type MetricFamily, type MetricKind } from './metricKind';

/** How unusual the metrics of services are around a storm. A node that is not in it has no metrics. */
export interface MetricAnomalies {
  readonly nodes: ReadonlyMap<number, NodeAnomaly>;
  /** By callee, then by caller. */
  readonly calls: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** Strengths are logarithms, log(1 + times beyond what its past has seen), from 0 to `mostStrength`. */
export interface NodeAnomaly {
  /** Of how its requests go; may be inherited from what it depends on. */
  readonly requests: number;
  /** Of what is its own: processor, memory, bytes. */
  readonly local: number;
  /** The most unusual first. */
  readonly metrics: readonly MetricAnomaly[];
}

export interface MetricAnomaly {
  readonly metric: string;
  /** How many times larger than the largest change of its past. */
  readonly times: number;
  readonly direction: 'up' | 'down';
  /** Milliseconds since 1970; NaN when not known. */
  readonly startedAtMs: number;
}

/** One metric of a node, or of the calls of `caller` to it. */
export interface NodeMetric {
  readonly node: number;
  /** Who measured, when the metric is of the calls of one service to another. */
  readonly caller?: number;
  readonly metric: string;
  readonly windows: MetricWindows;
  /** Times of `windows.after`, milliseconds since 1970. */
  readonly afterMs?: ArrayLike<number>;
}

/** Fifty times the largest change ever seen is as bad as it gets: beyond, who is upstream says more than how much. */
export const mostStrength = Math.log(50);
/** What each family says of its own service; calls tell of others. */
const familyWeights: Readonly<Record<MetricFamily, number>> = {
  requests: 1,
  resource: 1,
  traffic: 0.5,
  host: 0.5,
  calls: 0,
};
/** One statistic may be odd by chance, two seldom are at once: a strength is the mean of the largest two. */
const agreeing = 2;
const shownMetrics = 5;

interface Strengths {
  readonly requests: Map<MetricKind['measure'], number[]>;
  readonly local: number[];
  readonly metrics: MetricAnomaly[];
}

export function metricAnomalies(metrics: Iterable<NodeMetric>): MetricAnomalies {
  const found = new Map<number, Strengths>();
  const calls = new Map<number, Map<number, number>>();
  for (const { node, caller, metric, windows, afterMs } of metrics) {
    const kind = metricKind(metric);
    const change = changeOf(windows, kind.worse);
    if (change === null) continue;
    const strength = strengthOf(change.times);
    if (caller !== undefined) {
      const callers = calls.get(node) ?? new Map<number, number>();
      callers.set(caller, Math.max(callers.get(caller) ?? 0, strength));
      calls.set(node, callers);
      continue;
    }
    const one: Strengths = found.get(node) ?? {
      requests: new Map<MetricKind['measure'], number[]>(),
      local: [],
      metrics: [],
    };
    found.set(node, one);
    if (kind.family === 'requests') {
      const measured = one.requests.get(kind.measure);
      if (measured) measured.push(strength);
      else one.requests.set(kind.measure, [strength]);
    } else if (kind.family !== 'calls') one.local.push(familyWeights[kind.family] * strength);
    const { times, direction, from } = change;
    one.metrics.push({ metric, times, direction, startedAtMs: afterMs?.[from] ?? Number.NaN });
  }
  const nodes = new Map<number, NodeAnomaly>();
  for (const [node, one] of found) {
    nodes.set(node, {
      requests: Math.max(0, ...[...one.requests.values()].map(meanOfLargest)),
      local: meanOfLargest(one.local),
      metrics: one.metrics.toSorted((a, b) => b.times - a.times).slice(0, shownMetrics),
    });
  }
  return { nodes, calls };
}

export function strengthOf(times: number): number {
  return Math.min(Math.log1p(times), mostStrength);
}

function meanOfLargest(strengths: number[]): number {
  if (strengths.length === 0) return 0;
  const largest = strengths.toSorted((a, b) => b - a).slice(0, agreeing);
  return largest.reduce((sum, strength) => sum + strength, 0) / largest.length;
}
