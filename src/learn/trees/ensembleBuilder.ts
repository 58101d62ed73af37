import { leafFeature, type TreeEnsemble } from './ensemble';
import type { GrownTree } from './growTree';

/** Puts grown trees, whose splits are codes, together into an ensemble, whose splits are values. */
export interface EnsembleBuilder {
  add(tree: GrownTree): void;
  /** The newest tree alone, with a base margin of 0. */
  lastTree(): TreeEnsemble;
  build(): TreeEnsemble;
}

/** No finite float32 is below it: everything but a missing value goes right. */
const belowAll = -3.4028234663852886e38;

export function ensembleBuilder(
  d: number,
  baseMargin: number,
  cuts: readonly Float32Array[],
): EnsembleBuilder {
  const trees: GrownTree[] = [];
  return {
    add(tree) {
      trees.push(tree);
    },
    lastTree: () => joined(d, 0, cuts, trees.slice(-1)),
    build: () => joined(d, baseMargin, cuts, trees),
  };
}

function joined(
  d: number,
  baseMargin: number,
  cuts: readonly Float32Array[],
  trees: readonly GrownTree[],
): TreeEnsemble {
  const treeOffsets = new Int32Array(trees.length + 1);
  trees.forEach((tree, index) => (treeOffsets[index + 1] = treeOffsets[index]! + tree.feature.length));
  const nodes = treeOffsets[trees.length]!;
  const ensemble = {
    d,
    baseMargin,
    treeOffsets,
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    leafValue: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
  };
  trees.forEach((tree, index) => {
    const start = treeOffsets[index]!;
    tree.feature.forEach((feature, node) => {
      const at = start + node;
      const leaf = feature === leafFeature;
      ensemble.feature[at] = feature;
      ensemble.threshold[at] = leaf ? 0 : tree.code[node]! < 0 ? belowAll : cuts[feature]![tree.code[node]!]!;
      ensemble.left[at] = leaf ? -1 : start + tree.left[node]!;
      ensemble.right[at] = leaf ? -1 : start + tree.right[node]!;
      ensemble.defaultLeft[at] = tree.defaultLeft[node] ? 1 : 0;
      ensemble.leafValue[at] = tree.value[node]!;
      ensemble.cover[at] = tree.cover[node]!;
      ensemble.gain[at] = tree.gain[node]!;
    });
  });
  return ensemble;
}
