import { sourcesOf, type Adjacency } from './adjacency';
import { strongComponents, type StrongComponents } from './strongComponents';

export interface Layers {
  /** Most components on a way to the node from one that nothing outside points at, less one; 0 at such entries. */
  readonly depth: Int32Array;
  /** Nodes of components that nothing outside points at. */
  readonly entries: Int32Array;
  /** Nodes of components that point at nothing outside. */
  readonly roots: Int32Array;
}

/** Layers of a graph whose cycles count as one: every node has a depth, and every part an entry and a root. */
export function layersOf(
  adjacency: Adjacency,
  components: StrongComponents = strongComponents(adjacency),
): Layers {
  const { n, targets } = adjacency;
  const { count, component } = components;
  const pointedAt = new Uint8Array(count);
  const pointing = new Uint8Array(count);
  const sources = sourcesOf(adjacency);
  const edges = Array.from(targets.keys()).filter(
    (edge) => component[sources[edge]!] !== component[targets[edge]!],
  );
  for (const edge of edges) {
    pointing[component[sources[edge]!]!] = 1;
    pointedAt[component[targets[edge]!]!] = 1;
  }
  // Higher numbers are complete before what they point at.
  edges.sort((a, b) => component[sources[b]!]! - component[sources[a]!]!);
  const depth = new Int32Array(count);
  for (const edge of edges) {
    const target = component[targets[edge]!]!;
    depth[target] = Math.max(depth[target]!, depth[component[sources[edge]!]!]! + 1);
  }
  const nodes = Array.from({ length: n }, (_, node) => node);
  return {
    depth: Int32Array.from(component, (number) => depth[number]!),
    entries: Int32Array.from(nodes.filter((node) => !pointedAt[component[node]!])),
    roots: Int32Array.from(nodes.filter((node) => !pointing[component[node]!])),
  };
}
