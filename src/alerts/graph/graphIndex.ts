import { QuarterdeckError, type ServiceGraph } from '../../contracts';
import { adjacencyFromEdges, reverse, type Adjacency } from '../../learn/graph';

/** A service graph by numbers: node i is `graph.nodes[i]`. */
export interface GraphIndex {
  readonly graph: ServiceGraph;
  /** From id to number. */
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Along edges: to what a service depends on, where causes lie. */
  readonly upstream: Adjacency;
  /** Against edges: to what depends on a service, where symptoms show. */
  readonly downstream: Adjacency;
}

/**
 * Doubled edges become one, loops are left out: nothing depends on itself in a way that could tell anything.
 * @throws INPUT_INVALID naming a doubled id or an edge that ends at no node; a graph that was read has neither.
 */
export function indexGraph(graph: ServiceGraph): GraphIndex {
  const nodeOf = new Map<string, number>();
  graph.nodes.forEach(({ id }, node) => {
    if (nodeOf.has(id)) throw invalid('nodes', `node ${JSON.stringify(id)} is there twice`);
    nodeOf.set(id, node);
  });
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  for (const edge of graph.edges) {
    const source = nodeOf.get(edge.source);
    const target = nodeOf.get(edge.target);
    if (source === undefined || target === undefined) {
      throw invalid('edges', `an edge from ${JSON.stringify(edge.source)} to ${JSON.stringify(edge.target)}`);
    }
    if (source === target) continue;
    sources.push(source);
    targets.push(target);
    weights.push(edge.weight);
  }
  const upstream = adjacencyFromEdges(graph.nodes.length, { sources, targets, weights });
  return { graph, nodeOf, upstream, downstream: reverse(upstream) };
}

function invalid(field: string, what: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', `the service graph does not hold together: ${what}`, {
    culprit: { field },
  });
}
