import type { GroupSubgraph, ServiceEdge } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';

/** The part of the service graph that a group is about, small enough to be drawn. */

/** More nodes are no picture any more. */
const mostNodes = 120;
/** Likely causes that are drawn although they do not alert. */
const mostCauses = 3;
/** Longest way through services that do not alert. */
const longestPath = 6;

export interface SubgraphNode {
  readonly node: number;
  readonly alerts: number;
  readonly severity: GroupSubgraph['nodes'][number]['severity'];
  readonly firstAt: string;
}

export interface SubgraphInput {
  /** Nodes that alert, those with most alerts first. */
  readonly alerting: readonly SubgraphNode[];
  /** Best first. */
  readonly causes: readonly { readonly node: number; readonly score: number }[];
}

/** Draws groups of one graph; what it needs of the graph is made once. */
export function subgraphs(index: GraphIndex): (input: SubgraphInput) => GroupSubgraph {
  const { graph, nodeOf, upstream, downstream } = index;
  const n = graph.nodes.length;
  const edgeOf = new Map<number, ServiceEdge>();
  for (const edge of graph.edges) edgeOf.set(nodeOf.get(edge.source)! * n + nodeOf.get(edge.target)!, edge);
  const parent = new Int32Array(n);
  const depth = new Int32Array(n).fill(-1);

  /** Nodes between the cause and those that depend on it, on one shortest way each. */
  const between = (cause: number, wanted: ReadonlySet<number>): number[] => {
    const queue = [cause];
    depth[cause] = 0;
    let missing = wanted.size - (wanted.has(cause) ? 1 : 0);
    const found: number[] = [];
    for (let head = 0; head < queue.length && missing > 0; head++) {
      const at = queue[head]!;
      if (depth[at] === longestPath) break;
      for (let edge = downstream.offsets[at]!; edge < downstream.offsets[at + 1]!; edge++) {
        const next = downstream.targets[edge]!;
        if (depth[next] !== -1) continue;
        depth[next] = depth[at]! + 1;
        parent[next] = at;
        queue.push(next);
        if (!wanted.has(next)) continue;
        missing--;
        for (let up = at; up !== cause && !wanted.has(up); up = parent[up]!) found.push(up);
      }
    }
    for (const node of queue) depth[node] = -1;
    return found;
  };

  return ({ alerting, causes }) => {
    const drawn = new Map<number, SubgraphNode | undefined>();
    for (const cause of causes.slice(0, mostCauses)) drawn.set(cause.node, undefined);
    for (const one of alerting) {
      if (drawn.size < mostNodes || drawn.has(one.node)) drawn.set(one.node, one);
    }
    const root = causes[0]?.node;
    if (root !== undefined && alerting.length > 1) {
      const shown = alerting.filter(({ node }) => drawn.has(node)).map(({ node }) => node);
      for (const node of between(root, new Set(shown))) {
        if (drawn.size < mostNodes && !drawn.has(node)) drawn.set(node, undefined);
      }
    }
    const scores = new Map(causes.map(({ node, score }) => [node, score]));
    const nodes = [...drawn].map(([node, said]) => {
      const { id, name, type, tier, team, criticality } = graph.nodes[node]!;
      return {
        id,
        name,
        type,
        tier,
        team,
        criticality,
        alerts: said?.alerts ?? 0,
        severity: said?.severity ?? null,
        firstAt: said?.firstAt ?? null,
        causeScore: scores.get(node) ?? null,
        isRoot: node === root,
      };
    });
    const edges: GroupSubgraph['edges'] = [];
    for (const node of drawn.keys()) {
      for (let edge = upstream.offsets[node]!; edge < upstream.offsets[node + 1]!; edge++) {
        const target = upstream.targets[edge]!;
        const known = drawn.has(target) ? edgeOf.get(node * n + target) : undefined;
        if (known) edges.push({ ...known });
      }
    }
    const leftOut = alerting.filter(({ node }) => !drawn.has(node)).length;
    return { nodes, edges, leftOut };
  };
}
