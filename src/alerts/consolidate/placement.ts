import type { Alert, ServiceGraph } from '../../contracts';

/** What consolidation reads of the steps before it: less than they hold, so that it can be tested alone. */

/** Compressed rows: the targets of node v are `targets[offsets[v]] … targets[offsets[v + 1] − 1]`. */
export interface Edges {
  readonly n: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

export interface IndexedGraph {
  readonly graph: ServiceGraph;
  /** Along the edges: to what a node depends on, where causes lie. */
  readonly upstream: Edges;
  /** Against the edges: to what depends on a node, where symptoms show. */
  readonly downstream: Edges;
}

export interface PlacedAlert {
  readonly alert: Alert;
  /** Index of the node, −1 for an alert that no node could be found for. */
  readonly node: number;
}

/**
 * A place of each alert: its node, or past the nodes one place for each service (else resource, else fingerprint) that
 * the graph does not know.
 */
export interface Places {
  readonly of: Int32Array;
  readonly count: number;
}

export function placesOf(alerts: readonly PlacedAlert[], nodes: number): Places {
  const unknown = new Map<string, number>();
  const of = new Int32Array(alerts.length);
  for (const [index, { alert, node }] of alerts.entries()) {
    if (node >= 0) {
      of[index] = node;
      continue;
    }
    const key =
      alert.service !== null && alert.service.trim() !== ''
        ? `service ${alert.service.trim().toLowerCase()}`
        : alert.resource !== null && alert.resource.trim() !== ''
          ? `resource ${alert.resource.trim().toLowerCase()}`
          : `fingerprint ${alert.fingerprint}`;
    let place = unknown.get(key);
    if (place === undefined) unknown.set(key, (place = nodes + unknown.size));
    of[index] = place;
  }
  return { of, count: nodes + unknown.size };
}
