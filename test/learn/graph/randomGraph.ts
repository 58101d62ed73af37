import { seededRandom } from '../../../src/contracts';
import { adjacencyFromEdges, type Adjacency } from '../../../src/learn/graph';

/** A directed graph of `edges` draws, loops and doubles among them. */
export function randomGraph(n: number, edges: number, seed: number): Adjacency {
  const random = seededRandom(seed);
  const draw = (): Int32Array => Int32Array.from({ length: edges }, () => random.integer(n));
  return adjacencyFromEdges(n, { sources: draw(), targets: draw() });
}

export function targetsOf({ offsets, targets }: Adjacency, node: number): number[] {
  return Array.from(targets.subarray(offsets[node], offsets[node + 1]));
}
