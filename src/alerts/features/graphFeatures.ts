import type { ServiceGraph } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { GraphIndex } from '../graph/graphIndex';
import { standingFeatures } from './standingFeatures';

/** Graphs whose features are kept: the current one, and those that rule previews and training look back at. */
const graphsKept = 8;

interface Entry {
  readonly graph: ServiceGraph;
  readonly features: Matrix;
}

/** By version, in order of last use. */
const entries = new Map<string, Entry>();

/**
 * The standing features of every service, `nodes × standingColumns`; worked out once per graph version and kept.
 */
export function graphFeatures(index: GraphIndex): Matrix {
  const { graph } = index;
  const known = knownFeatures(graph);
  if (known) return known;
  const features = standingFeatures({ upstream: index.upstream, ratings: graph.nodes });
  keepFeatures(graph, features);
  return features;
}

/** What is kept for this very graph; one that bears the version of another does not get the other's features. */
export function knownFeatures(graph: ServiceGraph): Matrix | undefined {
  const entry = entries.get(graph.version);
  if (!entry || !sameGraph(entry.graph, graph)) return undefined;
  entries.delete(graph.version);
  entries.set(graph.version, entry);
  return entry.features;
}

export function keepFeatures(graph: ServiceGraph, features: Matrix): void {
  entries.delete(graph.version);
  entries.set(graph.version, { graph, features });
  for (const oldest of entries.keys()) {
    if (entries.size <= graphsKept) break;
    entries.delete(oldest);
  }
}

function sameGraph(a: ServiceGraph, b: ServiceGraph): boolean {
  if (a === b) return true;
  if (a.nodes.length !== b.nodes.length || a.edges.length !== b.edges.length) return false;
  return (
    a.nodes.every((node, i) => {
      const other = b.nodes[i]!;
      return node.id === other.id && node.tier === other.tier && node.criticality === other.criticality;
    }) &&
    a.edges.every((edge, i) => {
      const other = b.edges[i]!;
      return edge.source === other.source && edge.target === other.target && edge.weight === other.weight;
    })
  );
}
