import type { Alert, AlertSeverity, ServiceGraph } from '../../../src/contracts';
import type { Edges, IndexedGraph, PlacedAlert } from '../../../src/alerts/rank/facts';

/** Graphs and alerts for tests of ranking, written by hand. */

export interface NodeGiven {
  readonly id: string;
  readonly criticality?: number;
  readonly tier?: number;
}

/** `dependencies` are pairs [source, target]: the source depends on the target. */
export function graphOf(
  nodes: readonly NodeGiven[],
  dependencies: readonly (readonly [string, string])[],
): IndexedGraph {
  const graph: ServiceGraph = {
    version: 'test',
    nodes: nodes.map(({ id, criticality = null, tier = null }) => ({
      id,
      name: id,
      type: null,
      tier,
      team: null,
      criticality,
      aliases: [],
    })),
    edges: dependencies.map(([source, target]) => ({ source, target, kind: null, weight: 1 })),
  };
  const position = new Map(nodes.map(({ id }, node) => [id, node]));
  const pairs = dependencies.map(
    ([source, target]) => [position.get(source)!, position.get(target)!] as const,
  );
  return {
    graph,
    upstream: rows(nodes.length, pairs),
    downstream: rows(
      nodes.length,
      pairs.map(([source, target]) => [target, source] as const),
    ),
  };
}

function rows(n: number, pairs: readonly (readonly [number, number])[]): Edges {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const offsets = new Int32Array(n + 1);
  for (const [from] of sorted) offsets[from + 1]!++;
  for (let v = 0; v < n; v++) offsets[v + 1]! += offsets[v]!;
  return {
    n,
    offsets,
    targets: Int32Array.from(sorted, ([, to]) => to),
    weights: new Float64Array(sorted.length).fill(1),
  };
}

export const stormStart = '2026-03-02T10:00:00.000000Z';

export interface AlertGiven {
  readonly name?: string;
  readonly service: string | null;
  readonly minute: number;
  readonly severity?: AlertSeverity;
  readonly labels?: Readonly<Record<string, string>>;
  readonly endsAfterMinutes?: number;
  readonly fingerprint?: string;
}

export function alertsOf(index: IndexedGraph, given: readonly AlertGiven[]): PlacedAlert[] {
  const at = (minute: number): string =>
    new Date(Date.parse(stormStart) + minute * 60_000).toISOString().replace('Z', '000Z');
  return given.map((one, position) => {
    const name = one.name ?? 'HighErrorRate';
    const alert: Alert = {
      id: `a${position}`,
      source: 'test',
      name,
      service: one.service,
      resource: null,
      severity: one.severity ?? 'warning',
      status: one.endsAfterMinutes === undefined ? 'firing' : 'resolved',
      startsAt: at(one.minute),
      endsAt: one.endsAfterMinutes === undefined ? null : at(one.minute + one.endsAfterMinutes),
      labels: one.labels ?? {},
      description: '',
      fingerprint: one.fingerprint ?? `${name}/${one.service}`,
    };
    return { alert, node: index.graph.nodes.findIndex(({ id }) => id === one.service) };
  });
}

/** Everything that depends on a node, by search from scratch. */
export function downstreamOf({ downstream }: IndexedGraph): (node: number) => { downstream: number[] } {
  return (node) => {
    const seen = new Set([node]);
    for (const one of seen) {
      for (let e = downstream.offsets[one]!; e < downstream.offsets[one + 1]!; e++)
        seen.add(downstream.targets[e]!);
    }
    seen.delete(node);
    return { downstream: [...seen] };
  };
}
