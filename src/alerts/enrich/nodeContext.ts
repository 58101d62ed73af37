import type { ServiceNode } from '../../contracts';
import {
  breadthFirst,
  reachableCounts,
  reachableSums,
  strongComponents,
  type Adjacency,
  type BreadthFirstTree,
} from '../../learn/graph';
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

/**
 * The context of each service, found when first asked for; that of an unmapped alert (−1) is empty. What needs the
 * whole graph is worked out once, for all services together.
 */
export function contextsOf(index: GraphIndex): (node: number) => NodeContext {
  const contexts = new Map<number, NodeContext>();
  let surroundings: Surroundings | undefined;
  return (node) => {
    if (node < 0 || node >= index.upstream.n) return nothing;
    let context = contexts.get(node);
    if (!context) {
      surroundings ??= new Surroundings(index);
      contexts.set(node, (context = surroundings.of(node)));
    }
    return context;
  };
}

class Surroundings {
  private readonly weights: Float64Array;
  private readonly totalWeight: number;
  private readonly upstreamCounts: Float64Array;
  private readonly downstreamCounts: Float64Array;
  private readonly hurtWeights: Float64Array;
  /** From the critical services along what they depend on: before a service comes the next on its path to one. */
  private readonly fromCritical: BreadthFirstTree;

  constructor(private readonly index: GraphIndex) {
    const { upstream, downstream, graph } = index;
    this.weights = Float64Array.from(graph.nodes, businessWeight);
    this.totalWeight = this.weights.reduce((sum, weight) => sum + weight, 0);
    const components = strongComponents(downstream);
    this.upstreamCounts = reachableCounts(upstream);
    this.downstreamCounts = reachableCounts(downstream, components);
    this.hurtWeights = reachableSums(downstream, this.weights, components);
    const critical = graph.nodes.flatMap((node, number) => (isCritical(node) ? [number] : []));
    this.fromCritical = breadthFirst(upstream, critical);
  }

  of(node: number): NodeContext {
    const elsewhere = this.totalWeight - this.weights[node]!;
    const downstreamCount = this.downstreamCounts[node]!;
    // Sums of shares round; a service that nothing depends on hurts exactly nothing.
    const share = downstreamCount > 0 && elsewhere > 0 ? this.hurtWeights[node]! / elsewhere : 0;
    return {
      upstream: nearest(this.index.upstream, node, listed),
      upstreamCount: this.upstreamCounts[node]!,
      downstream: nearest(this.index.downstream, node, listed),
      downstreamCount,
      pathToCritical: this.pathToCritical(node),
      blastRadius: Math.min(1, Math.max(0, share)),
    };
  }

  private pathToCritical(start: number): number[] | null {
    const { distance, before } = this.fromCritical;
    if (distance[start]! < 0) return null;
    const path: number[] = [];
    for (let node = start; node >= 0; node = before[node]!) path.push(node);
    return path;
  }
}

/** The first other nodes by hops, then in the order of their numbers as the search meets them; no more than `most`. */
function nearest({ offsets, targets }: Adjacency, start: number, most: number): number[] {
  const seen = new Set([start]);
  for (const node of seen) {
    for (let edge = offsets[node]!; edge < offsets[node + 1]! && seen.size <= most; edge++) {
      seen.add(targets[edge]!);
    }
    if (seen.size > most) break;
  }
  seen.delete(start);
  return [...seen];
}
