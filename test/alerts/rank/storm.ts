import type { Alert, AlertSeverity, ServiceGraph } from '../../../src/contracts';
import { indexGraph, type GraphIndex } from '../../../src/alerts/graph/graphIndex';
import type { PlacedAlert } from '../../../src/alerts/rank/facts';

/** Graphs and alerts for tests of ranking, written by hand. */

export interface NodeGiven {
  readonly id: string;
  readonly criticality?: number;
  readonly tier?: number;
  readonly type?: string;
}

/** `dependencies` are pairs [source, target]: the source depends on the target. */
export function graphOf(
  nodes: readonly NodeGiven[],
  dependencies: readonly (readonly [string, string])[],
): GraphIndex {
  const graph: ServiceGraph = {
    version: 'test',
    nodes: nodes.map(({ id, criticality = null, tier = null, type = null }) => ({
      id,
      name: id,
      type,
      tier,
      team: null,
      criticality,
      aliases: [],
    })),
    edges: dependencies.map(([source, target]) => ({ source, target, kind: null, weight: 1 })),
  };
  return indexGraph(graph);
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

export function alertsOf(index: GraphIndex, given: readonly AlertGiven[]): PlacedAlert[] {
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
