import type { ServiceNode } from '../../contracts';
import { breadthFirst, type Adjacency } from '../../learn/graph';
import type { GraphIndex } from '../graph/graphIndex';

/** What lies around a service. Lists hold the nearest `listed` of all, by hops, then by number. */
export interface NodeContext {
  /** What it depends on, directly or through others. */
  readonly upstream: readonly number[];
  readonly upstreamCount: number;
  /** What depends on it, directly or through others. */
  readonly downstream: readonly number[];
  readonly downstreamCount: number;
  /**
   * From the service along what depends on it to the nearest critical one, both ends included; the service alone
   * when it is critical itself; null when no critical service is hurt.
   */
  readonly pathToCritical: readonly number[] | null;
  /** Share of all other services, each by its weight for the business, that depend on this one; in [0, 1]. */
  readonly blastRadius: number;
}

/** Longest lists of neighbours: what a person can look through. */
export const listed = 50;
/** From here on a service is critical by its own word. */
const criticalFrom = 0.8;
/** Tiers 0 and 1 are critical where nothing else is said: they face the customer. */
const criticalTier = 1;
const usualWeight = 0.5;
const weightLostPerTier = 0.2;
const leastWeight = 0.1;

/** The service's criticality; where it is not given, one by its tier; else the middle. */
export function businessWeight({ criticality, tier }: ServiceNode): number {
  if (criticality !== null) return Math.max(leastWeight, criticality);
  return tier === null ? usualWeight : Math.max(leastWeight, 1 - weightLostPerTier * tier);
}

export function isCritical({ criticality, tier }: ServiceNode): boolean {
  return criticality !== null ? criticality >= criticalFrom : tier !== null && tier <= criticalTier;
}

const nothing: NodeContext = {
  upstream: [],
  upstreamCount: 0,
  downstream: [],
  downstreamCount: 0,
  pathToCritical: null,
  blastRadius: 0,
};

/** The context of each service, found when first asked for; that of an unmapped alert (−1) is empty. */
export function contextsOf(index: GraphIndex): (node: number) => NodeContext {
  const contexts = new Map<number, NodeContext>();
  const weights = Float64Array.from(index.graph.nodes, businessWeight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (node) => {
    if (node < 0 || node >= weights.length) return nothing;
    let context = contexts.get(node);
    if (!context) contexts.set(node, (context = contextAt(index, node, weights, total)));
    return context;
  };
}

function contextAt(index: GraphIndex, node: number, weights: Float64Array, total: number): NodeContext {
  const upstream = others(index.upstream, node);
  const hurt = breadthFirst(index.downstream, [node]);
  let weight = 0;
  for (const dependent of hurt.order.subarray(1)) weight += weights[dependent]!;
  const elsewhere = total - weights[node]!;
  const critical = hurt.order.find((reached) => isCritical(index.graph.nodes[reached]!));
  return {
    upstream: Array.from(upstream.subarray(0, listed)),
    upstreamCount: upstream.length,
    downstream: Array.from(hurt.order.subarray(1, 1 + listed)),
    downstreamCount: hurt.order.length - 1,
    pathToCritical: critical === undefined ? null : pathTo(critical, hurt.before),
    blastRadius: elsewhere > 0 ? Math.min(1, weight / elsewhere) : 0,
  };
}

function others(adjacency: Adjacency, node: number): Int32Array {
  return breadthFirst(adjacency, [node]).order.subarray(1);
}

function pathTo(end: number, before: Int32Array): number[] {
  const path: number[] = [];
  for (let node = end; node >= 0; node = before[node]!) path.push(node);
  return path.reverse();
}
