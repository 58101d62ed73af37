import betweennessCentrality from 'graphology-metrics/centrality/betweenness';
import closenessCentrality from 'graphology-metrics/centrality/closeness';
import type { Adjacency } from './adjacency';
import { byNumber, directedGraph } from './libraryGraph';
import { personalisedPageRank } from './randomWalk';

export interface Centralities {
  /** Sums to 1: share of a random surfer's time. */
  readonly pageRank: Float64Array;
  /** In [0, 1]: share of the ordered pairs of other nodes whose shortest ways lead through the node. */
  readonly betweenness: Float64Array;
  /** In [0, 1], by the ways that lead to the node, scaled by the share of nodes that have one (Wasserman and Faust). */
  readonly closeness: Float64Array;
}

/** With fewer nodes no pair is left for a third to lie between. */
const leastForBetweenness = 3;

/** Hops count, except that PageRank follows edges in proportion to their weights. */
export function centralitiesOf(adjacency: Adjacency): Centralities {
  const { n } = adjacency;
  const graph = directedGraph(adjacency);
  return {
    pageRank: personalisedPageRank(adjacency, { restart: new Float64Array(n).fill(1) }),
    betweenness:
      n < leastForBetweenness
        ? new Float64Array(n)
        : byNumber(n, betweennessCentrality(graph, { getEdgeWeight: null })),
    // The library makes no queue for no nodes.
    closeness:
      n === 0 ? new Float64Array(0) : byNumber(n, closenessCentrality(graph, { wassermanFaust: true })),
  };
}
