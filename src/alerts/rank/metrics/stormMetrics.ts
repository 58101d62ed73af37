import { timestampMs, type AnomalyScore, type MetricPoint } from '../../../contracts';
import type { GraphIndex } from '../../graph/graphIndex';
import { instanceNodes } from './instanceNodes';
import {
  metricAnomalies,
  strengthOf,
  type MetricAnomalies,
  type NodeAnomaly,
  type NodeMetric,
} from './metricAnomalies';

export interface StormTimes {
  /** First alert of the storm, milliseconds since 1970. */
  readonly startMs: number;
  /** Until when it is looked at; points after it are left out. */
  readonly untilMs: number;
}

export interface StormRows {
  /** Of usual operation and of the storm, in any order. */
  readonly points: readonly MetricPoint[];
  readonly scores: readonly AnomalyScore[];
}

/** Alerts wait for their condition to last: what caused them began up to this much earlier. */
const leadMs = 10 * 60_000;
/** Just before that: the level that the storm changed. */
const beforeMs = 15 * 60_000;
const mostContributions = 5;

/**
 * How unusual the services' own metrics are around a storm, from the warehouse's metric points, and, where an anomaly
 * model has scored an instance, from its scores. Instances are put to nodes by id, name and alias, with or without
 * the suffix of a pod or a number; those that belong to none are left out. Several instances of one service count as
 * more metrics of it.
 */
export function stormMetrics(
  { points, scores }: StormRows,
  index: GraphIndex,
  times: StormTimes,
): MetricAnomalies {
  const nodeOf = instanceNodes(index);
  const { nodes, calls } = metricAnomalies(windowsOf(points, nodeOf, times));
  return { nodes: withScores(nodes, scores, nodeOf, times), calls };
}

function* windowsOf(
  points: readonly MetricPoint[],
  nodeOf: (instance: string) => number | undefined,
  { startMs, untilMs }: StormTimes,
): Iterable<NodeMetric> {
  const series = new Map<string, { node: number; metric: string; at: [number, number][] }>();
  for (const { instance, metric, at, value } of points) {
    const node = nodeOf(instance);
    const atMs = timestampMs(at);
    if (node === undefined || atMs > untilMs) continue;
    const key = `${instance}\n${metric}`;
    const known = series.get(key);
    if (known) known.at.push([atMs, value]);
    else series.set(key, { node, metric, at: [[atMs, value]] });
  }
  for (const { node, metric, at } of series.values()) {
    at.sort((a, b) => a[0] - b[0]);
    const split = firstFrom(at, startMs - leadMs);
    const before = firstFrom(at, startMs - leadMs - beforeMs);
    const valuesOf = (from: number, to: number): Float64Array =>
      Float64Array.from(at.slice(from, to), ([, value]) => value);
    yield {
      node,
      metric,
      windows: {
        history: valuesOf(0, before),
        before: valuesOf(before, split),
        after: valuesOf(split, at.length),
      },
      afterMs: at.slice(split).map(([atMs]) => atMs),
    };
  }
}

function firstFrom(at: readonly (readonly [number, number])[], ms: number): number {
  const first = at.findIndex(([atMs]) => atMs >= ms);
  return first < 0 ? at.length : first;
}

/**
 * A row that a model calls an anomaly is something of the node's own, as far beyond usual as its score is beyond the
 * threshold; where metrics say more, they count.
 */
function withScores(
  nodes: ReadonlyMap<number, NodeAnomaly>,
  scores: readonly AnomalyScore[],
  nodeOf: (instance: string) => number | undefined,
  { startMs, untilMs }: StormTimes,
): ReadonlyMap<number, NodeAnomaly> {
  const joined = new Map(nodes);
  for (const { instance, at, score, threshold, label, contributionsJson } of scores) {
    const node = nodeOf(instance);
    const atMs = timestampMs(at);
    if (node === undefined || label !== 1 || atMs < startMs - leadMs || atMs > untilMs) continue;
    const times = score / Math.max(threshold, Number.EPSILON);
    const known = joined.get(node);
    const told = (JSON.parse(contributionsJson) as { feature: string; contribution: number }[])
      .filter(({ contribution }) => contribution > 0)
      .slice(0, mostContributions)
      .map(({ feature }) => ({ metric: feature, times, direction: 'up' as const, startedAtMs: atMs }));
    joined.set(node, {
      requests: known?.requests ?? 0,
      local: Math.max(known?.local ?? 0, strengthOf(times)),
      metrics: known && known.metrics.length > 0 ? known.metrics : told,
    });
  }
  return joined;
}
