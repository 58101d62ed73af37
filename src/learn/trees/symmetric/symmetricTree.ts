import { leafFeature, type TreeEnsemble } from '../ensemble';

/** Every level of the tree asks the same question of all its nodes: bit k of a leaf's number answers question k. */
export interface SymmetricTree {
  readonly splits: readonly SymmetricSplit[];
  /** One value, weight and sum of derivatives for each of 2^splits leaves. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly derivatives: Float64Array;
}

export interface SymmetricSplit {
  readonly column: number;
  /** Codes above it set the bit; code 0 is that of missing values, code k + 1 of values with k cuts not above. */
  readonly cut: number;
}

/** No finite float32 is below it: everything but a missing value goes right. */
const belowAll = -3.4028234663852886e38;

export function thresholdOf({ column, cut }: SymmetricSplit, cuts: readonly Float32Array[]): number {
  return cut === 0 ? belowAll : cuts[column]![cut - 1]!;
}

/**
 * Trees in the general form: full binary trees, level by level, which prediction, TreeSHAP and export share with
 * other families. Missing values go left, as the lowest of all.
 */
export function toEnsemble(
  trees: readonly SymmetricTree[],
  columns: number,
  cuts: readonly Float32Array[],
  regularization: number,
): TreeEnsemble {
  const treeOffsets = new Int32Array(trees.length + 1);
  trees.forEach((tree, index) => (treeOffsets[index + 1] = treeOffsets[index]! + 2 * tree.values.length - 1));
  const nodes = treeOffsets[trees.length]!;
  const ensemble = {
    d: columns,
    baseMargin: 0,
    treeOffsets,
    feature: new Int32Array(nodes).fill(leafFeature),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    defaultLeft: new Uint8Array(nodes),
    leafValue: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
  };
  trees.forEach((tree, index) => expand(tree, treeOffsets[index]!, cuts, regularization, ensemble));
  return ensemble;
}

type Arrays = Omit<TreeEnsemble, 'd' | 'baseMargin' | 'treeOffsets' | 'featureNames'>;

function expand(
  { splits, values, weights, derivatives }: SymmetricTree,
  start: number,
  cuts: readonly Float32Array[],
  regularization: number,
  to: Arrays,
): void {
  const score = (derivative: number, weight: number): number =>
    weight > 0 ? derivative ** 2 / (weight + regularization) : 0;
  // Node h of a level-by-level numbering has the children 2h + 1 and 2h + 2; its answers so far are `leaf`.
  const grow = (level: number, place: number, leaf: number): { derivative: number; weight: number } => {
    const node = start + place;
    const split = splits[level];
    if (!split) {
      to.leafValue[node] = values[leaf]!;
      to.cover[node] = weights[leaf]!;
      return { derivative: derivatives[leaf]!, weight: weights[leaf]! };
    }
    const left = grow(level + 1, 2 * place + 1, leaf);
    const right = grow(level + 1, 2 * place + 2, leaf | (1 << level));
    const derivative = left.derivative + right.derivative;
    const weight = left.weight + right.weight;
    to.feature[node] = split.column;
    to.threshold[node] = thresholdOf(split, cuts);
    to.left[node] = start + 2 * place + 1;
    to.right[node] = start + 2 * place + 2;
    to.defaultLeft[node] = 1;
    to.cover[node] = weight;
    const gain = score(left.derivative, left.weight) + score(right.derivative, right.weight);
    to.gain[node] = Math.max(0, gain - score(derivative, weight));
    return { derivative, weight };
  };
  grow(0, 0, 0);
}
