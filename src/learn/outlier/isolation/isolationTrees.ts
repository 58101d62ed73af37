import type { Random } from '../../../contracts';
import type { Matrix } from '../../matrix';
import { averagePathLength } from './averagePathLength';

/**
 * A forest of isolation trees as plain arrays over all nodes, tree after tree, parents before children. A row
 * goes left where its value in column `feature` is at most `threshold`.
 */
export interface IsolationTrees {
  readonly treeCount: number;
  /** First node, the root, of each tree, and at the end the number of nodes: `treeCount + 1`. */
  readonly roots: Int32Array;
  /** Longest way from the root to a leaf of each tree, in steps. */
  readonly depths: Int32Array;
  /** Column that a node splits by; −1 at a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  /** Left child; the right one follows it. A leaf's own number at a leaf. */
  readonly left: Int32Array;
  /**
   * At a leaf: steps to it, and as many more as would on average isolate a row among those that ended there. At
   * other nodes the mean of that over the sampled rows below.
   */
  readonly pathLength: Float32Array;
}

/** Grows `treeCount` trees, each over its own `samples` rows drawn without replacement. */
export function growIsolationTrees(
  data: Matrix,
  treeCount: number,
  samples: number,
  random: Random,
  onTree: (grown: number) => void,
): IsolationTrees {
  const depthLimit = Math.ceil(Math.log2(Math.max(2, samples)));
  const grower = new TreeGrower(data, samples, depthLimit, treeCount * (2 * samples - 1));
  const roots = new Int32Array(treeCount + 1);
  const depths = new Int32Array(treeCount);
  for (let tree = 0; tree < treeCount; tree++) {
    depths[tree] = grower.grow(random.fork(`tree ${tree}`));
    roots[tree + 1] = grower.nodeCount;
    onTree(tree + 1);
  }
  return { treeCount, roots, depths, ...grower.nodes() };
}

class TreeGrower {
  nodeCount = 0;
  private readonly feature: Int32Array;
  private readonly threshold: Float32Array;
  private readonly left: Int32Array;
  private readonly pathLength: Float32Array;
  /** The tree's rows; every node owns a stretch of them. */
  private readonly rows: Int32Array;
  /** All rows, of which each tree shuffles its own sample to the front. */
  private readonly deck: Int32Array;
  private readonly columns: Int32Array;
  private lowest = 0;
  private highest = 0;

  constructor(
    private readonly data: Matrix,
    private readonly samples: number,
    private readonly depthLimit: number,
    mostNodes: number,
  ) {
    this.feature = new Int32Array(mostNodes);
    this.threshold = new Float32Array(mostNodes);
    this.left = new Int32Array(mostNodes);
    this.pathLength = new Float32Array(mostNodes);
    this.rows = new Int32Array(samples);
    this.deck = Int32Array.from({ length: data.n }, (_, row) => row);
    this.columns = Int32Array.from({ length: data.d }, (_, column) => column);
  }

  nodes(): Pick<IsolationTrees, 'feature' | 'threshold' | 'left' | 'pathLength'> {
    return {
      feature: this.feature.slice(0, this.nodeCount),
      threshold: this.threshold.slice(0, this.nodeCount),
      left: this.left.slice(0, this.nodeCount),
      pathLength: this.pathLength.slice(0, this.nodeCount),
    };
  }

  /** Returns the tree's depth. */
  grow(random: Random): number {
    const { deck, rows, samples, columns } = this;
    for (let at = 0; at < samples; at++) {
      swap(deck, at, at + random.integer(deck.length - at));
      rows[at] = deck[at]!;
    }
    columns.sort();
    return this.split(this.nodeCount++, 0, samples, 0, random);
  }

  /** Makes `node` of the rows [from, to); returns how deep the tree reaches below its root. */
  private split(node: number, from: number, to: number, depth: number, random: Random): number {
    const column = depth < this.depthLimit && to - from > 1 ? this.drawColumn(from, to, random) : -1;
    if (column < 0) {
      this.feature[node] = -1;
      this.threshold[node] = 0;
      this.left[node] = node;
      this.pathLength[node] = depth + averagePathLength(to - from);
      return depth;
    }
    const threshold = drawThreshold(this.lowest, this.highest, random);
    const middle = this.partition(column, threshold, from, to);
    const left = this.nodeCount;
    this.nodeCount += 2;
    this.feature[node] = column;
    this.threshold[node] = threshold;
    this.left[node] = left;
    const leftDepth = this.split(left, from, middle, depth + 1, random);
    const rightDepth = this.split(left + 1, middle, to, depth + 1, random);
    const share = (middle - from) / (to - from);
    this.pathLength[node] = share * this.pathLength[left]! + (1 - share) * this.pathLength[left + 1]!;
    return Math.max(leftDepth, rightDepth);
  }

  /** A random column in which the rows differ, its range in `lowest` and `highest`; −1 when they are all alike. */
  private drawColumn(from: number, to: number, random: Random): number {
    const { columns } = this;
    const { values, d } = this.data;
    for (let tried = 0; tried < d; tried++) {
      swap(columns, tried, tried + random.integer(d - tried));
      const column = columns[tried]!;
      let lowest = Infinity;
      let highest = -Infinity;
      for (let at = from; at < to; at++) {
        const value = values[this.rows[at]! * d + column]!;
        if (value < lowest) lowest = value;
        if (value > highest) highest = value;
      }
      if (highest > lowest) {
        this.lowest = lowest;
        this.highest = highest;
        return column;
      }
    }
    return -1;
  }

  private partition(column: number, threshold: number, from: number, to: number): number {
    const { values, d } = this.data;
    let middle = from;
    for (let at = from; at < to; at++) {
      if (values[this.rows[at]! * d + column]! <= threshold) swap(this.rows, at, middle++);
    }
    return middle;
  }
}

/** A single-precision number from `lowest` to just below `highest`, so that both sides get rows. */
function drawThreshold(lowest: number, highest: number, random: Random): number {
  const drawn = Math.fround(lowest + random.next() * (highest - lowest));
  return drawn >= lowest && drawn < highest ? drawn : lowest;
}

function swap(array: Int32Array, one: number, other: number): void {
  const held = array[one]!;
  array[one] = array[other]!;
  array[other] = held;
}
