import { toTimestamp, type Alert, type ServiceGraph } from '../../../src/contracts';
import { readServiceGraph } from '../../../src/alerts';
import type { IndexedGraph, PlacedAlert } from '../../../src/alerts/consolidate/placement';

/** A graph from pairs `[service, what it depends on]`. */
export function graphOf(
  pairs: readonly (readonly [string, string])[],
  more: readonly string[] = [],
): ServiceGraph {
  const ids = [...new Set([...pairs.flat(), ...more])];
  return readServiceGraph({
    nodes: ids.map((id) => ({ id })),
    edges: pairs.map(([source, target]) => ({ source, target })),
  }).graph;
}

export function indexOf(
  graph: ServiceGraph,
): IndexedGraph & { readonly nodeOf: ReadonlyMap<string, number> } {
  const nodeOf = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const rows = (from: 'source' | 'target', to: 'source' | 'target') => {
    const n = graph.nodes.length;
    const targets = Array.from({ length: n }, (): number[] => []);
    for (const edge of graph.edges) targets[nodeOf.get(edge[from])!]!.push(nodeOf.get(edge[to])!);
    const offsets = new Int32Array(n + 1);
    targets.forEach((row, node) => (offsets[node + 1] = offsets[node]! + row.length));
    const flat = targets.flatMap((row) => row.sort((a, b) => a - b));
    return { n, offsets, targets: Int32Array.from(flat), weights: new Float64Array(flat.length).fill(1) };
  };
  return { graph, nodeOf, upstream: rows('source', 'target'), downstream: rows('target', 'source') };
}

/** Alerts at the services they name. */
export function placed(
  alerts: readonly Alert[],
  index: { readonly nodeOf: ReadonlyMap<string, number> },
): PlacedAlert[] {
  return alerts.map((alert) => ({ alert, node: index.nodeOf.get(alert.service ?? '') ?? -1 }));
}

const origin = Date.UTC(2026, 5, 1, 9);
let made = 0;

/** An alert `minute` minutes after nine. */
export function alertAt(
  minute: number,
  service: string | null,
  name: string,
  more: Partial<Alert> = {},
): Alert {
  made++;
  return {
    id: `a${made}`,
    source: 'test',
    name,
    service,
    resource: null,
    severity: 'warning',
    status: 'firing',
    startsAt: toTimestamp(origin + Math.round(minute * 60_000)),
    endsAt: null,
    labels: {},
    description: '',
    fingerprint: `${service} ${name} ${more.resource ?? ''}`,
    ...more,
  };
}
