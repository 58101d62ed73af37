import type { Matrix } from '../../matrix';
import { leafFeature, treeCount, type TreeEnsemble } from '../ensemble';

/** What a symmetric tree is when rows are asked: a column and a threshold a level, and the leaves by number. */
export interface LeafTables {
  readonly levels: Int32Array;
  readonly columns: Int32Array;
  readonly thresholds: Float32Array;
  readonly values: Float32Array;
}

/** Reads the questions back from the leftmost way through each tree, and the leaves in order of their bits. */
export function leafTables({
  treeOffsets,
  feature,
  threshold,
  left,
  right,
  leafValue,
}: TreeEnsemble): LeafTables {
  const levels: number[] = [];
  const columns: number[] = [];
  const thresholds: number[] = [];
  const values: number[] = [];
  for (let tree = 0; tree + 1 < treeOffsets.length; tree++) {
    const root = treeOffsets[tree]!;
    let depth = 0;
    for (let node = root; feature[node] !== leafFeature; node = left[node]!) {
      columns.push(feature[node]!);
      thresholds.push(threshold[node]!);
      depth++;
    }
    levels.push(depth);
    for (let leaf = 0; leaf < 2 ** depth; leaf++) {
      let node = root;
      for (let level = 0; level < depth; level++) node = (leaf >> level) & 1 ? right[node]! : left[node]!;
      values.push(leafValue[node]!);
    }
  }
  return {
    levels: Int32Array.from(levels),
    columns: Int32Array.from(columns),
    thresholds: Float32Array.from(thresholds),
    values: Float32Array.from(values),
  };
}

/**
 * Margins of rows: the bits of a leaf's number are comparisons, without a branch. A missing value answers no to
 * all, as the lowest of all. Added up in float32 in the order of the trees, as `predictMargins` does.
 */
export function predictByLeafNumber(ensemble: TreeEnsemble, tables: LeafTables, data: Matrix): Float32Array {
  const { levels, columns, thresholds, values: leafValues } = tables;
  const { values, n, d } = data;
  const trees = treeCount(ensemble);
  const margins = new Float32Array(n).fill(ensemble.baseMargin);
  for (let row = 0; row < n; row++) {
    const start = row * d;
    let question = 0;
    let firstLeaf = 0;
    for (let tree = 0; tree < trees; tree++) {
      const depth = levels[tree]!;
      let leaf = 0;
      for (let level = 0; level < depth; level++, question++) {
        leaf |= Number(values[start + columns[question]!]! >= thresholds[question]!) << level;
      }
      margins[row]! += leafValues[firstLeaf + leaf]!;
      firstLeaf += 1 << depth;
    }
  }
  return margins;
}
