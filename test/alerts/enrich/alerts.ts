import {
  toTimestamp,
  type Alert,
  type ServiceEdge,
  type ServiceGraph,
  type ServiceNode,
} from '../../../src/contracts';

/** An alert that says nothing but what a test gives it. */
export function alertOf(parts: Partial<Alert> = {}): Alert {
  return {
    id: 'a-1',
    source: 'alertmanager',
    name: 'HighLatency',
    service: null,
    resource: null,
    severity: 'warning',
    status: 'firing',
    startsAt: toTimestamp('2026-07-01T08:30:00Z'),
    endsAt: null,
    labels: {},
    description: '',
    fingerprint: 'f-1',
    ...parts,
  };
}

export function nodeOf(id: string, parts: Partial<ServiceNode> = {}): ServiceNode {
  return { id, name: id, type: null, tier: null, team: null, criticality: null, aliases: [], ...parts };
}

export function edgeOf(source: string, target: string, weight = 1): ServiceEdge {
  return { source, target, kind: null, weight };
}

let made = 0;

/** @param nodes ids or nodes. @param edges pairs `source target`: the first depends on the second. */
export function graphOf(
  nodes: readonly (string | ServiceNode)[],
  edges: readonly string[] = [],
): ServiceGraph {
  return {
    version: `test-${made++}`,
    nodes: nodes.map((node) => (typeof node === 'string' ? nodeOf(node) : node)),
    edges: edges.map((edge) => {
      const [source, target] = edge.split(' ');
      return edgeOf(source!, target!);
    }),
  };
}
