import { introsort } from './introsort';
import { PositionHeap } from './positionHeap';

/** Edges of a minimum spanning tree of the mutual reachability graph, lightest first. */
export interface SpanningTree {
  /** n − 1 rows each. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Mutual reachability distances. */
  readonly weights: Float64Array;
}

/** A spanning tree and the neighbourhoods that it came from, by position in the kd-tree. */
export interface Neighborhoods {
  readonly n: number;
  /** Row at each position. */
  readonly order: Int32Array;
  /** n × neighborCount positions, each position among its own. */
  readonly neighbors: Int32Array;
  readonly neighborCount: number;
  readonly coreDistances: Float64Array;
  readonly edgeFrom: Int32Array;
  readonly edgeTo: Int32Array;
  readonly edgeWeights: Float64Array;
}

/**
 * The minimum spanning tree that Prim's algorithm finds from the first row, taking the lowest row among equals,
 * with its edges in the order that `introsort` gives: the tree of the Python package, edge for edge.
 *
 * Mutual reachability is full of equal edges: all neighbours within a row's core distance are equally far when
 * their own core distances are not above it. Any minimum spanning tree together with those edges holds all that
 * Prim's algorithm could ever take, so it need not look at other pairs. (Not so where plain distances are equal
 * too, as on a grid: there it takes one tree of several.)
 */
export function rowOrderedTree(given: Neighborhoods): SpanningTree {
  const { n, order } = given;
  const links = linkPositions(given);
  const reach = new Float64Array(n).fill(Infinity);
  const source = new Int32Array(n);
  const isIn = new Uint8Array(n);
  const heap = new PositionHeap(order, reach);
  const from = new Int32Array(n - 1);
  const to = new Int32Array(n - 1);
  const weights = new Float64Array(n - 1);

  let current = order.indexOf(0);
  for (let edge = 0; edge < n - 1; edge++) {
    isIn[current] = 1;
    for (let link = links.starts[current]!; link < links.starts[current + 1]!; link++) {
      const other = links.ends[link]!;
      if (isIn[other] === 1 || links.weights[link]! >= reach[other]!) continue;
      reach[other] = links.weights[link]!;
      source[other] = current;
      heap.raise(other);
    }
    current = heap.pop();
    from[edge] = order[source[current]!]!;
    to[edge] = order[current]!;
    weights[edge] = reach[current]!;
  }
  const byWeight = introsort(weights);
  return {
    from: byWeight.map((edge) => from[edge]!),
    to: byWeight.map((edge) => to[edge]!),
    weights: Float64Array.from(byWeight, (edge) => weights[edge]!),
  };
}

/** Links of each position, one position after the other: those of `position` are starts[position] and on. */
interface Links {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly weights: Float64Array;
}

/** The edges of the tree, and those between a position and its neighbours of no larger core distance; both ways. */
function linkPositions(given: Neighborhoods): Links {
  const starts = new Int32Array(given.n + 1);
  forEachEdge(given, (a, b) => {
    starts[a + 1]!++;
    starts[b + 1]!++;
  });
  for (let position = 0; position < given.n; position++) starts[position + 1]! += starts[position]!;
  const next = starts.slice();
  const ends = new Int32Array(starts[given.n]!);
  const weights = new Float64Array(ends.length);
  forEachEdge(given, (a, b, weight) => {
    const out = next[a]!++;
    ends[out] = b;
    weights[out] = weight;
    const back = next[b]!++;
    ends[back] = a;
    weights[back] = weight;
  });
  return { starts, ends, weights };
}

function forEachEdge(
  { n, neighbors, neighborCount, coreDistances, edgeFrom, edgeTo, edgeWeights }: Neighborhoods,
  visit: (a: number, b: number, weight: number) => void,
): void {
  for (let edge = 0; edge < n - 1; edge++) visit(edgeFrom[edge]!, edgeTo[edge]!, edgeWeights[edge]!);
  for (let position = 0; position < n; position++) {
    const core = coreDistances[position]!;
    for (let index = position * neighborCount; index < (position + 1) * neighborCount; index++) {
      const neighbor = neighbors[index]!;
      if (neighbor !== position && coreDistances[neighbor]! <= core) visit(position, neighbor, core);
    }
  }
}
