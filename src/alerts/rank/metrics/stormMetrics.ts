import type { AnomalyScore } from '../../../contracts';
import type { GraphIndex } from '../../graph/graphIndex';
import { forTargets, mostHops } from '../localGraph';
import { instanceNodes } from './instanceNodes';
import { metricAnomalies, type MetricAnomalies, type NodeMetric } from './metricAnomalies';
import type { MetricSeries } from './metricSeries';
import { firstFrom } from './firstFrom';
import { scoresByNode, withScores } from './scoredAnomalies';

export interface Storm {
  /** First alert of the storm, milliseconds since 1970. */
  readonly startMs: number;
  /** Until when it is looked at; what is after it is left out. */
  readonly untilMs: number;
  /** Services that alert. */
  readonly nodes: readonly number[];
}

/** How unusual metrics are around one storm; undefined when nothing is known of its services. */
export type MetricsOfStorm = (storm: Storm) => MetricAnomalies | undefined;

export interface StormRows {
  /** Of usual operation and of storms. */
  readonly series: readonly MetricSeries[];
  readonly scores: readonly AnomalyScore[];
}

export interface StormMetrics {
  readonly ofStorm: MetricsOfStorm;
  /** Storms so far whose metrics were not looked at because those before them had used up what may be looked at. */
  readonly stormsLeftOut: () => number;
}

/** What was usual is learned from this long before a storm: a day's rhythm is no part of it, enough windows are. */
export const historyMs = 6 * 60 * 60_000;
/** Alerts wait for their condition to last: what caused them began up to this much earlier. */
const leadMs = 10 * 60_000;
/** Just before that: the level that the storm changed. */
const beforeMs = 15 * 60_000;
/** Series that are looked at for all storms together: at about 0.2 ms each, some seconds. */
const mostWindows = 20_000;

/**
 * How unusual the services' own metrics are around each of several storms, from the warehouse's metric points, and,
 * where an anomaly model has scored an instance, from its scores. Instances are put to nodes by id, name and alias,
 * with or without the suffix of a pod or a number; those that belong to none are left out. Several instances of one
 * service count as more metrics of it. A storm is told of the services that alert and of what they depend on, as far
 * as that is measured; it costs what these have in their windows.
 */
export function stormMetrics(
  { series, scores }: StormRows,
  index: GraphIndex,
  limits: { readonly windows: number } = { windows: mostWindows },
): StormMetrics {
  const nodeOf = instanceNodes(index);
  const seriesOf = new Map<number, MetricSeries[]>();
  for (const one of series) {
    const node = nodeOf(one.instance);
    if (node === undefined) continue;
    const known = seriesOf.get(node);
    if (known) known.push(one);
    else seriesOf.set(node, [one]);
  }
  const scoresOf = scoresByNode(scores, nodeOf);
  let windowsLeft = limits.windows;
  let leftOut = 0;
  return {
    ofStorm(storm) {
      const nodes = measuredNodes(storm.nodes, index, (node) => seriesOf.has(node) || scoresOf.has(node));
      if (nodes.length === 0) return undefined;
      const windows = nodes.reduce((sum, node) => sum + (seriesOf.get(node)?.length ?? 0), 0);
      const affordable = windows <= windowsLeft;
      if (affordable) windowsLeft -= windows;
      else leftOut++;
      const found = metricAnomalies(affordable ? windowsOf(nodes, seriesOf, storm) : []);
      return {
        nodes: withScores(found.nodes, nodes, scoresOf, storm.startMs - leadMs, storm.untilMs),
        calls: found.calls,
      };
    },
    stormsLeftOut: () => leftOut,
  };
}

/** The measured ones among some nodes, and what all of them depend on over measured ones. */
function measuredNodes(
  alerting: readonly number[],
  { upstream }: GraphIndex,
  measured: (node: number) => boolean,
): number[] {
  const seen = new Set(alerting);
  const found = alerting.filter(measured);
  let reached = alerting;
  for (let hop = 0; hop < mostHops && reached.length > 0; hop++) {
    const next: number[] = [];
    for (const node of reached) {
      forTargets(upstream, node, (target) => {
        if (seen.has(target) || !measured(target)) return;
        seen.add(target);
        next.push(target);
      });
    }
    found.push(...next);
    reached = next;
  }
  return found;
}

function* windowsOf(
  nodes: readonly number[],
  seriesOf: ReadonlyMap<number, readonly MetricSeries[]>,
  { startMs, untilMs }: Storm,
): Iterable<NodeMetric> {
  const splitMs = startMs - leadMs;
  for (const node of nodes) {
    for (const { metric, atMs, values } of seriesOf.get(node) ?? []) {
      const first = firstFrom(atMs, startMs - historyMs);
      const before = firstFrom(atMs, splitMs - beforeMs);
      const split = firstFrom(atMs, splitMs);
      // Times of rows are microseconds; a millisecond holds them all.
      const end = firstFrom(atMs, untilMs + 1);
      // Windows of the storm's shape must fit into the past, or every change would look larger than any before.
      if (before - first < end - before) continue;
      yield {
        node,
        metric,
        windows: {
          history: values.subarray(first, before),
          before: values.subarray(before, split),
          after: values.subarray(split, end),
        },
        afterMs: atMs.subarray(split, end),
      };
    }
  }
}
