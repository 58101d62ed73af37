import type { ColumnSampler } from './columnSampler';
import { leafFeature } from './ensemble';
import type { GradientBoostingOptions } from './options';
import { bestValue, unbounded, type ValueBounds } from './splitGain';

/** Sums of the first and second derivatives of the loss over a node's rows. */
export interface GradientSum {
  readonly gradient: number;
  readonly hessian: number;
}

export interface Split {
  readonly feature: number;
  /** Codes up to this one go left; −1 when all values go right, away from the missing ones. */
  readonly code: number;
  readonly defaultLeft: boolean;
  readonly gain: number;
  readonly left: GradientSum;
  readonly right: GradientSum;
}

/** A node whose rows the engine holds. */
export interface OpenNode {
  readonly id: number;
  readonly depth: number;
  readonly sum: GradientSum;
  readonly bounds: ValueBounds;
}

/** A node that is split, and the numbers of its children. */
export interface Division {
  readonly node: OpenNode;
  readonly split: Split;
  readonly left: number;
  readonly right: number;
  /** Whether the children may be split in turn. */
  readonly goesOn: boolean;
}

/** What does the work over rows: histograms, partitions. */
export interface SplitEngine {
  /** The best split of every node that takes loss away, in the nodes' order. */
  findSplits(
    nodes: readonly OpenNode[],
    columnsOf: (node: OpenNode) => Int32Array,
  ): Promise<(Split | undefined)[]>;
  /** Hands the rows of nodes to their children. */
  divide(divisions: readonly Division[]): Promise<void>;
}

/** A tree whose children are positions in its own arrays. */
export interface GrownTree {
  readonly feature: number[];
  readonly code: number[];
  readonly left: number[];
  readonly right: number[];
  readonly defaultLeft: boolean[];
  readonly value: number[];
  readonly cover: number[];
  readonly gain: number[];
}

interface Candidate {
  readonly node: OpenNode;
  readonly split: Split;
}

/** Grows one tree, level by level or best node first. */
export async function growTree(
  engine: SplitEngine,
  total: GradientSum,
  options: GradientBoostingOptions,
  columns: ColumnSampler,
): Promise<GrownTree> {
  const tree: GrownTree = {
    feature: [],
    code: [],
    left: [],
    right: [],
    defaultLeft: [],
    value: [],
    cover: [],
    gain: [],
  };
  const add = (depth: number, sum: GradientSum, bounds: ValueBounds): OpenNode => {
    const id = tree.feature.push(leafFeature) - 1;
    tree.code.push(0);
    tree.left.push(-1);
    tree.right.push(-1);
    tree.defaultLeft.push(false);
    tree.value.push(options.learningRate * bestValue(sum.gradient, sum.hessian, options, bounds));
    tree.cover.push(sum.hessian);
    tree.gain.push(0);
    return { id, depth, sum, bounds };
  };
  const candidatesOf = async (nodes: readonly OpenNode[]): Promise<Candidate[]> => {
    const open = nodes.filter(({ depth }) => depth < options.maxDepth);
    const splits = await engine.findSplits(open, ({ depth, id }) => columns.columnsOf(depth, id));
    return open.flatMap((node, index) => (splits[index] ? [{ node, split: splits[index] }] : []));
  };
  const mostLeaves = options.maxLeaves === 0 ? Infinity : options.maxLeaves;
  let leaves = 1;
  let open = await candidatesOf([add(0, total, unbounded)]);
  while (open.length > 0 && leaves < mostLeaves) {
    const chosen = options.growth === 'loss' ? [takeBest(open)] : open.splice(0, mostLeaves - leaves);
    const children: OpenNode[] = [];
    const divisions: Division[] = [];
    for (const { node, split } of chosen) {
      leaves++;
      const [leftBounds, rightBounds] = childBounds(node.bounds, split, options);
      const left = add(node.depth + 1, split.left, leftBounds);
      const right = add(node.depth + 1, split.right, rightBounds);
      children.push(left, right);
      tree.feature[node.id] = split.feature;
      tree.code[node.id] = split.code;
      tree.left[node.id] = left.id;
      tree.right[node.id] = right.id;
      tree.defaultLeft[node.id] = split.defaultLeft;
      tree.value[node.id] = 0;
      tree.gain[node.id] = split.gain;
      const goesOn = node.depth + 1 < options.maxDepth;
      divisions.push({ node, split, left: left.id, right: right.id, goesOn });
    }
    if (leaves >= mostLeaves) break;
    await engine.divide(divisions.filter(({ goesOn }) => goesOn));
    open.push(...(await candidatesOf(children)));
  }
  return tree;
}

/** Removes the candidate with the most gain; the earlier one of equals. */
function takeBest(open: Candidate[]): Candidate {
  let best = 0;
  for (let index = 1; index < open.length; index++) {
    if (open[index]!.split.gain > open[best]!.split.gain) best = index;
  }
  return open.splice(best, 1)[0]!;
}

/** A monotone split keeps its sides apart at the middle of their values, for all that grows below. */
function childBounds(
  bounds: ValueBounds,
  split: Split,
  options: GradientBoostingOptions,
): [ValueBounds, ValueBounds] {
  const sign = options.monotone[split.feature] ?? 0;
  if (sign === 0) return [bounds, bounds];
  const left = bestValue(split.left.gradient, split.left.hessian, options, bounds);
  const right = bestValue(split.right.gradient, split.right.hessian, options, bounds);
  const middle = (left + right) / 2;
  const low: ValueBounds = { ...bounds, upper: middle };
  const high: ValueBounds = { ...bounds, lower: middle };
  return sign > 0 ? [low, high] : [high, low];
}
