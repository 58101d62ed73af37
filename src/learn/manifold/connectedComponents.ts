import type { SparseGraph } from './fuzzySet';

export interface Components {
  readonly count: number;
  /** Component of every vertex, numbered in the order of their first vertices. */
  readonly labels: Int32Array;
}

/** Connected components of a symmetric graph. */
export function connectedComponents({ n, starts, columns }: SparseGraph): Components {
  const labels = new Int32Array(n).fill(-1);
  const stack = new Int32Array(n);
  let count = 0;
  for (let first = 0; first < n; first++) {
    if (labels[first] !== -1) continue;
    let depth = 0;
    stack[depth++] = first;
    labels[first] = count;
    while (depth > 0) {
      const vertex = stack[--depth]!;
      for (let at = starts[vertex]!; at < starts[vertex + 1]!; at++) {
        const neighbor = columns[at]!;
        if (labels[neighbor] !== -1) continue;
        labels[neighbor] = count;
        stack[depth++] = neighbor;
      }
    }
    count++;
  }
  return { count, labels };
}

/** The graph among `vertices`, which are renumbered in their order; no other vertex may be linked to them. */
export function componentGraph(graph: SparseGraph, vertices: Int32Array): SparseGraph {
  const renumbered = new Map<number, number>();
  vertices.forEach((vertex, index) => renumbered.set(vertex, index));
  const starts = new Int32Array(vertices.length + 1);
  const columns: number[] = [];
  const weights: number[] = [];
  vertices.forEach((vertex, index) => {
    for (let at = graph.starts[vertex]!; at < graph.starts[vertex + 1]!; at++) {
      columns.push(renumbered.get(graph.columns[at]!)!);
      weights.push(graph.weights[at]!);
    }
    starts[index + 1] = columns.length;
  });
  return {
    n: vertices.length,
    starts,
    columns: Int32Array.from(columns),
    weights: Float64Array.from(weights),
  };
}
