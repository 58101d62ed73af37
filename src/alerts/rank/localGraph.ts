import type { Edges, IndexedGraph } from './facts';
import type { Symptoms } from './likelyRoots';

/** The part of the graph that a group is about: its nodes, and silent ones that several of them depend on. */
export interface LocalGraph {
  readonly n: number;
  /** The first this many nodes show symptoms; the rest are silent. */
  readonly alerting: number;
  /** Graph index of each local node. */
  readonly nodes: Int32Array;
  readonly upstream: Edges;
  readonly downstream: Edges;
  readonly strength: Float64Array;
  readonly firstSeenMs: Float64Array;
}

/** One alerting dependent can have its own reasons; with two, a silent node between them is worth a thought. */
const fewestDependents = 2;

export function localGraph({ nodes, firstSeenMs, strength }: Symptoms, index: IndexedGraph): LocalGraph {
  const alerting = nodes.length;
  const local = new Map<number, number>();
  for (let i = 0; i < alerting; i++) local.set(nodes[i]!, i);
  const dependents = new Map<number, number>();
  for (let i = 0; i < alerting; i++) {
    forTargets(index.upstream, nodes[i]!, (target) => {
      if (!local.has(target)) dependents.set(target, (dependents.get(target) ?? 0) + 1);
    });
  }
  const silent = [...dependents].filter(([, count]) => count >= fewestDependents).map(([node]) => node);
  silent.sort((a, b) => a - b);
  for (const node of silent) local.set(node, local.size);
  const all = Int32Array.from(local.keys());
  const n = all.length;
  return {
    n,
    alerting,
    nodes: all,
    upstream: within(index.upstream, all, local),
    downstream: within(index.downstream, all, local),
    strength: Float64Array.from({ length: n }, (_, i) => (i < alerting ? strength[i]! : 0)),
    firstSeenMs: Float64Array.from({ length: n }, (_, i) => (i < alerting ? firstSeenMs[i]! : Number.NaN)),
  };
}

export function forTargets(
  edges: Edges,
  node: number,
  visit: (target: number, weight: number) => void,
): void {
  for (let e = edges.offsets[node]!; e < edges.offsets[node + 1]!; e++) {
    visit(edges.targets[e]!, edges.weights[e]!);
  }
}

function within(edges: Edges, nodes: Int32Array, local: ReadonlyMap<number, number>): Edges {
  const n = nodes.length;
  const offsets = new Int32Array(n + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  for (let v = 0; v < n; v++) {
    forTargets(edges, nodes[v]!, (target, weight) => {
      const there = local.get(target);
      if (there === undefined) return;
      targets.push(there);
      weights.push(weight);
    });
    offsets[v + 1] = targets.length;
  }
  return { n, offsets, targets: Int32Array.from(targets), weights: Float64Array.from(weights) };
}
