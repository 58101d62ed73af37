import { toTimestamp, type Alert, type ServiceGraph } from '../../../src/contracts';
import { readServiceGraph } from '../../../src/alerts';
import { indexGraph, type GraphIndex } from '../../../src/alerts/graph/graphIndex';
import type { PlacedAlert } from '../../../src/alerts/consolidate/placement';

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

export function indexOf(graph: ServiceGraph): GraphIndex {
  return indexGraph(graph);
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
