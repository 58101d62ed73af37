import { adjacencyFromEdges, reverse, type Adjacency } from '../../learn/graph';
import type { GraphIndex } from '../graph/graphIndex';
import type { Symptoms } from './likelyRoots';
import type { MetricAnomalies } from './metrics/metricAnomalies';

/** The part of the graph that a group is about, with how strongly each of its nodes is in trouble. */
export interface LocalGraph {
  readonly n: number;
  /** The first this many nodes have alerts; causes among the rest are silent. */
  readonly alerting: number;
  /** Graph index of each local node. */
  readonly nodes: Int32Array;
  readonly upstream: Adjacency;
  readonly downstream: Adjacency;
  /** How the node's requests go, by alerts and metrics; what it depends on may be why. */
  readonly trouble: Float64Array;
  /** What is wrong with the node itself. */
  readonly local: Float64Array;
  /** Beside `upstream.targets`: how badly calls along the edge go. */
  readonly flow: Float64Array;
  /** Weight of its alerts, 0 without. */
  readonly alerts: Float64Array;
  readonly firstSeenMs: Float64Array;
}

/** One alerting dependent can have its own reasons; with two, a silent node between them is worth a thought. */
const fewestDependents = 2;
/** How far metrics are looked at above an alert: trouble seldom travels farther. */
export const mostHops = 8;
/** A critical alert weighs like a change a few times larger than ever seen; severities are guesses: roots count. */
const strengthOfCritical = 2;
/** What an alert still says where the metrics of all alerting nodes tell the same more exactly. */
const alertBesideMetrics = 0.35;
/** What is passed on as suspicion to a node without alerts or metrics, when all its dependents are in trouble. */
const suspicion = 0.6;
/** Types of nodes that nothing measures: they are known by what their callers see. */
const unmeasuredTypes = new Set(['remote', 'external']);

export function localGraph(
  { nodes, firstSeenMs, weight }: Symptoms,
  index: GraphIndex,
  metrics?: MetricAnomalies,
): LocalGraph {
  const alerting = nodes.length;
  const local = new Map<number, number>();
  for (let i = 0; i < alerting; i++) local.set(nodes[i]!, local.size);
  const others = new Set([
    ...silentCauses(local, index),
    ...(metrics ? measured(local, index, metrics) : []),
  ]);
  for (const node of [...others].sort((a, b) => a - b)) local.set(node, local.size);
  const all = Int32Array.from(local.keys());
  const n = all.length;
  const upstream = dependenciesWithin(all, local, index);
  const alerts = Float64Array.from({ length: n }, (_, i) => (i < alerting ? weight[i]! : 0));
  const told = Array.from({ length: alerting }, (_, i) => metrics?.nodes.has(all[i]!) ?? false).every(
    Boolean,
  );
  const byAlert = strengthOfCritical * (told ? alertBesideMetrics : 1);
  const trouble = alerts.map((alert, i) =>
    Math.max(byAlert * Math.sqrt(alert), troubleByMetrics(all[i]!, metrics)),
  );
  suspectSilent(trouble, alerting, all, upstream, index, metrics);
  return {
    n,
    alerting,
    nodes: all,
    upstream,
    downstream: reverse(upstream),
    trouble,
    local: Float64Array.from(all, (node) => metrics?.nodes.get(node)?.local ?? 0),
    flow: flowsOf(upstream, all, trouble, metrics),
    alerts,
    firstSeenMs: Float64Array.from({ length: n }, (_, i) => (i < alerting ? firstSeenMs[i]! : Number.NaN)),
  };
}

export function forTargets(
  edges: Adjacency,
  node: number,
  visit: (target: number, edge: number) => void,
): void {
  for (let edge = edges.offsets[node]!; edge < edges.offsets[node + 1]!; edge++)
    visit(edges.targets[edge]!, edge);
}

/** Nodes without alerts that several alerting ones depend on. */
function silentCauses(alerting: ReadonlyMap<number, number>, { upstream }: GraphIndex): number[] {
  const dependents = new Map<number, number>();
  for (const node of alerting.keys()) {
    forTargets(upstream, node, (target) => {
      if (!alerting.has(target)) dependents.set(target, (dependents.get(target) ?? 0) + 1);
    });
  }
  return [...dependents].filter(([, count]) => count >= fewestDependents).map(([node]) => node);
}

/**
 * What the alerting nodes depend on over nodes that are measured: beyond one that is not, nothing tells how trouble
 * would have come. All measured nodes where no alert says where to begin.
 */
function measured(
  alerting: ReadonlyMap<number, number>,
  { upstream }: GraphIndex,
  { nodes, calls }: MetricAnomalies,
): Iterable<number> {
  if (alerting.size === 0) return [...nodes.keys(), ...calls.keys()];
  const seen = new Set<number>();
  let reached = [...alerting.keys()];
  for (let hop = 0; hop < mostHops && reached.length > 0; hop++) {
    const next: number[] = [];
    for (const node of reached) {
      forTargets(upstream, node, (target) => {
        if (seen.has(target) || alerting.has(target) || !(nodes.has(target) || calls.has(target))) return;
        seen.add(target);
        next.push(target);
      });
    }
    reached = next;
  }
  return seen;
}

/**
 * Edges between local nodes. What nothing measures (a remote address, an external service) is known by its callers'
 * view alone, and may well stand for a measured service behind it: it gets edges to what its callers depend on too.
 */
function dependenciesWithin(
  nodes: Int32Array,
  local: ReadonlyMap<number, number>,
  { graph, upstream, downstream }: GraphIndex,
): Adjacency {
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  const unmeasured = (node: number): boolean =>
    unmeasuredTypes.has(graph.nodes[node]!.type?.toLowerCase() ?? '');
  nodes.forEach((node, source) => {
    const add = (target: number, weight: number): void => {
      const there = local.get(target);
      if (there === undefined || there === source) return;
      sources.push(source);
      targets.push(there);
      weights.push(weight);
    };
    forTargets(upstream, node, (target, edge) => add(target, upstream.weights[edge]!));
    if (!unmeasured(node)) return;
    forTargets(downstream, node, (caller) => {
      forTargets(upstream, caller, (sibling) => {
        if (!unmeasured(sibling)) add(sibling, 1);
      });
    });
  });
  return adjacencyFromEdges(nodes.length, { sources, targets, weights });
}

/** A node that nothing tells of is suspected by the share of its dependents that are in trouble, and how badly. */
function suspectSilent(
  trouble: Float64Array,
  alerting: number,
  nodes: Int32Array,
  upstream: Adjacency,
  { downstream }: GraphIndex,
  metrics: MetricAnomalies | undefined,
): void {
  const passed = new Float64Array(nodes.length);
  for (let dependent = 0; dependent < alerting; dependent++) {
    forTargets(upstream, dependent, (target) => {
      passed[target]! += trouble[dependent]!;
    });
  }
  for (let silent = alerting; silent < nodes.length; silent++) {
    const node = nodes[silent]!;
    if (metrics?.nodes.has(node) || metrics?.calls.has(node)) continue;
    const dependents = downstream.offsets[node + 1]! - downstream.offsets[node]!;
    if (dependents > 0) trouble[silent] = (suspicion * passed[silent]!) / dependents;
  }
}

/** By how its requests go as measured there, and by its callers together. */
function troubleByMetrics(node: number, metrics: MetricAnomalies | undefined): number {
  const calls = metrics?.calls.get(node);
  let byCallers = 0;
  if (calls) for (const strength of calls.values()) byCallers += strength / calls.size;
  return Math.max(metrics?.nodes.get(node)?.requests ?? 0, byCallers);
}

/** How badly calls go along each edge: as measured there, and no better than the callee's own trouble. */
function flowsOf(
  upstream: Adjacency,
  nodes: Int32Array,
  trouble: Float64Array,
  metrics: MetricAnomalies | undefined,
): Float64Array {
  const flow = new Float64Array(upstream.targets.length);
  for (let caller = 0; caller < upstream.n; caller++) {
    forTargets(upstream, caller, (callee, edge) => {
      const calls = metrics?.calls.get(nodes[callee]!)?.get(nodes[caller]!) ?? 0;
      const own = metrics?.nodes.get(nodes[callee]!)?.requests ?? 0;
      flow[edge] = metrics?.calls.has(nodes[callee]!) ? Math.max(calls, own) : trouble[callee]!;
    });
  }
  return flow;
}
