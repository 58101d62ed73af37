import { seededRandom } from '../../../src/contracts';
import type { BoostedTrees } from '../../../src/learn/onnx';

/** Random trees of mixed depth over d columns, thresholds among numbers with exact eighths. */
export function randomTrees(seed: number, trees: number, d: number, depth = 5): BoostedTrees {
  const random = seededRandom(seed);
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const defaultLeft: number[] = [];
  const leafValue: number[] = [];
  const grow = (level: number): number => {
    const node = feature.length;
    const leaf = level === depth || (level > 0 && random.next() < 0.2);
    feature.push(leaf ? -1 : random.integer(d));
    threshold.push(leaf ? 0 : Math.round(8 * random.normal()) / 8);
    defaultLeft.push(random.integer(2));
    leafValue.push(leaf ? random.normal() * 0.2 : 0);
    left.push(-1);
    right.push(-1);
    if (!leaf) {
      left[node] = grow(level + 1);
      right[node] = grow(level + 1);
    }
    return node;
  };
  const treeOffsets = [0];
  for (let tree = 0; tree < trees; tree++) {
    grow(0);
    treeOffsets.push(feature.length);
  }
  return {
    d,
    baseMargin: -0.4,
    treeOffsets: Int32Array.from(treeOffsets),
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    defaultLeft: Uint8Array.from(defaultLeft),
    leafValue: Float32Array.from(leafValue),
  };
}

/** Rows that often meet a threshold exactly, with a share of missing values. */
export function randomRows(seed: number, n: number, d: number, missing = 0.1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: n * d }, () =>
    random.next() < missing ? Number.NaN : Math.round(8 * random.normal()) / 8,
  );
}

/** Leaf reached in every tree, by the plainest walk. */
export function leavesOf(trees: BoostedTrees, row: Float32Array): number[] {
  return Array.from({ length: trees.treeOffsets.length - 1 }, (_, tree) => {
    let node = trees.treeOffsets[tree]!;
    while (trees.feature[node]! >= 0) {
      const value = row[trees.feature[node]!]!;
      const left = Number.isNaN(value) ? trees.defaultLeft[node] === 1 : value < trees.threshold[node]!;
      node = left ? trees.left[node]! : trees.right[node]!;
    }
    return node;
  });
}

export function marginOf(trees: BoostedTrees, row: Float32Array): number {
  return leavesOf(trees, row).reduce((sum, leaf) => sum + trees.leafValue[leaf]!, trees.baseMargin);
}
