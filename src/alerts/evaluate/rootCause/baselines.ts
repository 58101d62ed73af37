import type { GraphIndex } from '../../graph/graphIndex';
import { median } from '../../rank';
import type { FaultCase } from './faultCase';

/** The published baselines, on the same windows as everything else. */

export interface RankedNode {
  readonly node: number;
  readonly score: number;
}

/** More than this many median absolute deviations from the median is an anomaly, as in the reference code. */
const anomalousDeviations = 5;
/** The reference code looks at the third row of a fault, or the first after it at which the complaint shows. */
const firstRow = 2;

/**
 * Graph traversal with deviations in units of the median absolute deviation, as the PetShop authors' reference does
 * it: of the nodes whose complaint metric is anomalous at the time, those without an anomalous dependency that reach
 * the complaining node over anomalous nodes only, scored by the anomalies along the path.
 */
export function traversalByDeviation({ metrics, complaint, index }: FaultCase): RankedNode[] {
  const byNode = new Map<number, Float64Array>();
  for (const { node, caller, metric, windows } of metrics) {
    if (caller === undefined && metric === complaint.metric) byNode.set(node, deviations(windows));
  }
  const complaining = byNode.get(complaint.node);
  if (!complaining) return [];
  const row = complaining.findIndex((value, at) => at >= firstRow && value > anomalousDeviations);
  if (row < 0) return [];
  const anomalies = new Map<number, number>();
  for (const [node, values] of byNode) {
    if (values[row]! > anomalousDeviations) anomalies.set(node, values[row]!);
  }
  return heaviestPaths(index, complaint.node, anomalies);
}

/** Of every row around the fault, before and after; the plain distance where the history never moves. */
function deviations(windows: {
  history: Float64Array;
  before: Float64Array;
  after: Float64Array;
}): Float64Array {
  const usual = median(windows.history);
  const spread = median(windows.history.map((value) => Math.abs(value - usual)));
  const constant = windows.history.every((value) => Number.isNaN(value) || value === usual);
  const all = Float64Array.from([...windows.before, ...windows.after]);
  return all.map((value) => {
    const distance = Math.abs(value - usual);
    if (Number.isNaN(distance) || distance === 0) return 0;
    // Without any spread the reference calls every distance an anomaly, and scores by it.
    if (constant) return anomalousDeviations + distance;
    return spread > 0 ? distance / spread : Number.MAX_VALUE;
  });
}

/** Root candidates by the heaviest simple path of anomalies down to the complaint. */
function heaviestPaths(
  { upstream }: GraphIndex,
  complaint: number,
  anomalies: ReadonlyMap<number, number>,
): RankedNode[] {
  const best = new Map<number, number>();
  const onPath = new Set<number>();
  const visit = (node: number, weight: number): void => {
    onPath.add(node);
    let explained = false;
    for (let edge = upstream.offsets[node]!; edge < upstream.offsets[node + 1]!; edge++) {
      const next = upstream.targets[edge]!;
      const anomaly = anomalies.get(next);
      if (anomaly === undefined) continue;
      explained = true;
      if (!onPath.has(next)) visit(next, weight + anomaly);
    }
    if (!explained) best.set(node, Math.max(best.get(node) ?? 0, weight));
    onPath.delete(node);
  };
  const own = anomalies.get(complaint);
  if (own !== undefined) visit(complaint, own);
  return ranked(best);
}

/** n-sigma: each node by the largest distance from the mean of any of its metrics, in standard deviations. */
export function bySigmas({ metrics }: FaultCase): RankedNode[] {
  const best = new Map<number, number>();
  for (const { node, caller, windows } of metrics) {
    if (caller !== undefined) continue;
    const known = windows.history.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    if (!(deviation > 0)) continue;
    for (const value of windows.after) {
      const sigmas = Math.abs(value - mean) / deviation;
      if (sigmas > (best.get(node) ?? 0)) best.set(node, sigmas);
    }
  }
  return ranked(best);
}

/** BARO's robust scorer (Pham et al., FSE 2024): distance from the median in interquartile ranges, the largest. */
export function byInterquartileRanges({ metrics }: FaultCase): RankedNode[] {
  const best = new Map<number, number>();
  for (const { node, caller, windows } of metrics) {
    if (caller !== undefined) continue;
    const known = windows.history.filter((value) => !Number.isNaN(value)).sort();
    const usual = quantile(known, 0.5);
    const range = quantile(known, 0.75) - quantile(known, 0.25);
    if (!(range > 0)) continue;
    for (const value of windows.after) {
      const ranges = Math.abs(value - usual) / range;
      if (ranges > (best.get(node) ?? 0)) best.set(node, ranges);
    }
  }
  return ranked(best);
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
}

function ranked(scores: ReadonlyMap<number, number>): RankedNode[] {
  return [...scores]
    .map(([node, score]) => ({ node, score }))
    .sort((a, b) => b.score - a.score || a.node - b.node);
}
