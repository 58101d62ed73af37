import { DirectedGraph, UndirectedGraph } from 'graphology';
import { sourcesOf, type Adjacency } from './adjacency';

/** The same graph as graphology holds it, its nodes named by their numbers; loops are left out. */
export function directedGraph(adjacency: Adjacency): DirectedGraph {
  const graph = new DirectedGraph();
  fill(adjacency, graph, () => true);
  return graph;
}

/** @param adjacency as `undirected` gives it: each edge is at both ends, and taken once. */
export function undirectedGraph(adjacency: Adjacency): UndirectedGraph {
  const graph = new UndirectedGraph();
  fill(adjacency, graph, (source, target) => source < target);
  return graph;
}

function fill(
  adjacency: Adjacency,
  graph: DirectedGraph | UndirectedGraph,
  taken: (source: number, target: number) => boolean,
): void {
  for (let node = 0; node < adjacency.n; node++) graph.addNode(node);
  const sources = sourcesOf(adjacency);
  adjacency.targets.forEach((target, edge) => {
    const source = sources[edge]!;
    if (source !== target && taken(source, target)) {
      graph.addEdge(source, target, { weight: adjacency.weights[edge]! });
    }
  });
}

/** The library answers by name. */
export function byNumber(n: number, values: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from({ length: n }, (_, node) => values[node]!);
}
