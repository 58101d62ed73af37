import type { Random } from '../../../contracts';
import type { Matrix } from '../../matrix';
import { averagePathLength } from './averagePathLength';

/** Isolation trees whose splits are planes: x goes left where normal · x is at most the offset. */
export interface SlopedTrees {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Left child; the right one follows it. −1 at a leaf. */
  readonly left: Int32Array;
  /** `nodes × d`; zeros at a leaf. */
  readonly normals: Float32Array;
  readonly offsets: Float64Array;
  /** As in `IsolationTrees`. */
  readonly pathLength: Float64Array;
}

interface Node {
  left: number;
  normal: Float32Array;
  offset: number;
  pathLength: number;
}

export interface SlopedTreesShape {
  readonly treeCount: number;
  readonly samples: number;
  /** Columns that a plane leans on. */
  readonly leanOn: number;
}

export function growSlopedTrees(
  data: Matrix,
  { treeCount, samples, leanOn }: SlopedTreesShape,
  random: Random,
  onTree: (grown: number) => void,
): SlopedTrees {
  const { values, n, d } = data;
  const depthLimit = Math.ceil(Math.log2(Math.max(2, samples)));
  const nodes: Node[] = [];
  const roots = new Int32Array(treeCount);
  const deck = Int32Array.from({ length: n }, (_, row) => row);
  const columns = Int32Array.from({ length: d }, (_, column) => column);
  for (let tree = 0; tree < treeCount; tree++) {
    for (let at = 0; at < samples; at++) swap(deck, at, at + random.integer(n - at));
    roots[tree] = nodes.length;
    nodes.push(leafOf(0, samples));
    grow(roots[tree]!, deck.slice(0, samples), 0);
    onTree(tree + 1);
  }
  const normals = new Float32Array(nodes.length * d);
  nodes.forEach(({ normal }, node) => normals.set(normal, node * d));
  return {
    roots,
    normals,
    left: Int32Array.from(nodes, ({ left }) => left),
    offsets: Float64Array.from(nodes, ({ offset }) => offset),
    pathLength: Float64Array.from(nodes, ({ pathLength }) => pathLength),
  };

  function grow(node: number, rows: Int32Array, depth: number): void {
    if (depth >= depthLimit || rows.length <= 1) {
      nodes[node] = leafOf(depth, rows.length);
      return;
    }
    const plane = drawPlane(rows);
    const below = rows.filter((row) => product(plane.normal, row) <= plane.offset);
    if (below.length === 0 || below.length === rows.length) {
      // The plane misses the rows, or they are all alike: as in the paper the depth counts, the rows stay together.
      const alike = rows.every((row) => sameRow(row, rows[0]!));
      if (alike) nodes[node] = leafOf(depth, rows.length);
      else grow(node, rows, depth + 1);
      return;
    }
    const above = rows.filter((row) => product(plane.normal, row) > plane.offset);
    const left = nodes.length;
    nodes.push(leafOf(0, 0), leafOf(0, 0));
    grow(left, below, depth + 1);
    grow(left + 1, above, depth + 1);
    const share = below.length / rows.length;
    const pathLength = share * nodes[left]!.pathLength + (1 - share) * nodes[left + 1]!.pathLength;
    nodes[node] = { left, ...plane, pathLength };
  }

  /** A random slope over random columns, through a random point of the rows' bounding box. */
  function drawPlane(rows: Int32Array): { normal: Float32Array; offset: number } {
    const normal = new Float32Array(d);
    let offset = 0;
    for (let at = 0; at < leanOn; at++) {
      swap(columns, at, at + random.integer(d - at));
      const column = columns[at]!;
      let low = Infinity;
      let high = -Infinity;
      for (const row of rows) {
        const value = values[row * d + column]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      const slope = Math.fround(random.normal());
      normal[column] = slope;
      offset += slope * (low + random.next() * (high - low));
    }
    return { normal, offset };
  }

  function product(normal: Float32Array, row: number): number {
    let sum = 0;
    for (let column = 0, at = row * d; column < d; column++, at++) sum += normal[column]! * values[at]!;
    return sum;
  }

  function sameRow(one: number, other: number): boolean {
    for (let column = 0; column < d; column++) {
      if (values[one * d + column] !== values[other * d + column]) return false;
    }
    return true;
  }

  function leafOf(depth: number, rows: number): Node {
    return {
      left: -1,
      normal: new Float32Array(0),
      offset: 0,
      pathLength: depth + averagePathLength(rows),
    };
  }
}

/** Mean over the trees. @param row standardised as the rows the trees were grown from. */
export function slopedPathLength(trees: SlopedTrees, row: Float64Array): number {
  let sum = 0;
  for (const root of trees.roots) {
    let node = root;
    while (trees.left[node]! >= 0) node = childOf(trees, node, row);
    sum += trees.pathLength[node]!;
  }
  return sum / trees.roots.length;
}

/** Steps by which each column shortens the row's path: those of a split go to the columns by what they add to it. */
export function slopedShortening(trees: SlopedTrees, row: Float64Array): Float64Array {
  const d = row.length;
  const steps = new Float64Array(d);
  for (const root of trees.roots) {
    let node = root;
    while (trees.left[node]! >= 0) {
      const child = childOf(trees, node, row);
      const shortened = (trees.pathLength[node]! - trees.pathLength[child]!) / trees.roots.length;
      let total = 0;
      for (let column = 0; column < d; column++)
        total += Math.abs(trees.normals[node * d + column]! * row[column]!);
      // A row at the centre leans on no column.
      const perUnit = total > 0 ? shortened / total : 0;
      for (let column = 0; column < d; column++) {
        steps[column]! += perUnit * Math.abs(trees.normals[node * d + column]! * row[column]!);
      }
      node = child;
    }
  }
  return steps.map((value) => Math.max(0, value));
}

function childOf({ left, normals, offsets }: SlopedTrees, node: number, row: Float64Array): number {
  let sum = 0;
  for (let column = 0, at = node * row.length; column < row.length; column++, at++) {
    sum += normals[at]! * row[column]!;
  }
  return left[node]! + (sum > offsets[node]! ? 1 : 0);
}

function swap(array: Int32Array, one: number, other: number): void {
  const held = array[one]!;
  array[one] = array[other]!;
  array[other] = held;
}
