import { QuarterdeckError } from '../../contracts';

/** Compressed sparse rows of a directed graph: node v points at `targets[offsets[v] … offsets[v + 1])`. */
export interface Adjacency {
  readonly n: number;
  /** Length n + 1. */
  readonly offsets: Int32Array;
  /** Ascending within a node, each once. */
  readonly targets: Int32Array;
  /** Beside `targets`, above 0. */
  readonly weights: Float64Array;
}

/** Parallel lists: edge e goes from `sources[e]` to `targets[e]`. */
export interface EdgeList {
  readonly sources: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  /** 1 each when left out. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Edges that run side by side become one of their joint weight; loops stay.
 * @throws PARAMETER_INVALID naming the first edge that ends at no node or whose weight is not above 0.
 */
export function adjacencyFromEdges(n: number, edges: EdgeList): Adjacency {
  const { sources, targets, weights } = edges;
  for (let edge = 0; edge < sources.length; edge++) {
    const weight = weights ? weights[edge]! : 1;
    if (isNode(sources[edge], n) && isNode(targets[edge], n) && weight > 0 && Number.isFinite(weight))
      continue;
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `edge ${edge} from ${sources[edge]} to ${targets[edge]} of weight ${weight} does not fit a graph of ${n} nodes`,
      { culprit: { option: 'edges', row: edge } },
    );
  }
  // Sorting by target, then stably by source, leaves each row in ascending order without comparing.
  const byTarget = countingOrder(
    n,
    targets,
    Int32Array.from(sources, (_, edge) => edge),
  );
  const order = countingOrder(n, sources, byTarget);
  const offsets = new Int32Array(n + 1);
  const keptTargets = new Int32Array(order.length);
  const keptWeights = new Float64Array(order.length);
  let kept = 0;
  let row = 0;
  for (const edge of order) {
    const source = sources[edge]!;
    while (row < source) offsets[++row] = kept;
    const weight = weights ? weights[edge]! : 1;
    if (kept > offsets[row]! && keptTargets[kept - 1] === targets[edge]) {
      keptWeights[kept - 1]! += weight;
      continue;
    }
    keptTargets[kept] = targets[edge]!;
    keptWeights[kept++] = weight;
  }
  while (row < n) offsets[++row] = kept;
  return { n, offsets, targets: keptTargets.slice(0, kept), weights: keptWeights.slice(0, kept) };
}

/** Every edge turned round. */
export function reverse(adjacency: Adjacency): Adjacency {
  return adjacencyFromEdges(adjacency.n, {
    sources: adjacency.targets,
    targets: sourcesOf(adjacency),
    weights: adjacency.weights,
  });
}

/** Edges without direction, each held at both ends; loops are left out, edges both ways become one of joint weight. */
export function undirected(adjacency: Adjacency): Adjacency {
  const { n, targets, weights } = adjacency;
  const from = sourcesOf(adjacency);
  const sources: number[] = [];
  const ends: number[] = [];
  const strengths: number[] = [];
  targets.forEach((target, edge) => {
    const source = from[edge]!;
    if (source === target) return;
    sources.push(source, target);
    ends.push(target, source);
    strengths.push(weights[edge]!, weights[edge]!);
  });
  return adjacencyFromEdges(n, { sources, targets: ends, weights: strengths });
}

/** Where each edge starts, beside `targets`. */
export function sourcesOf({ n, offsets, targets }: Adjacency): Int32Array {
  const sources = new Int32Array(targets.length);
  for (let node = 0; node < n; node++) sources.fill(node, offsets[node], offsets[node + 1]);
  return sources;
}

function isNode(value: number | undefined, n: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < n;
}

/** `items` stably sorted by `keys[item]`, which lie in 0 … n − 1. */
function countingOrder(n: number, keys: ArrayLike<number>, items: Int32Array): Int32Array {
  const next = new Int32Array(n + 1);
  for (const item of items) next[keys[item]! + 1]!++;
  for (let key = 0; key < n; key++) next[key + 1]! += next[key]!;
  const order = new Int32Array(items.length);
  for (const item of items) order[next[keys[item]!]!++] = item;
  return order;
}
