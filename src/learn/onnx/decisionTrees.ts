import { onnxMlDomain, type OnnxAttribute, type OnnxGraphBuilder } from './onnxGraphBuilder';

/**
 * Decision trees in arrays over the nodes of all trees. A node is a split when `feature` is not below zero; the
 * first node of a tree is its root.
 */
export interface DecisionTrees {
  /** First node of every tree, then the number of nodes: trees + 1 numbers. */
  readonly treeStarts: ArrayLike<number>;
  /** Column that a split looks at; below zero for a leaf. */
  readonly feature: ArrayLike<number>;
  /** 32-bit floats, so that the comparison is the same bit for bit in every runtime. */
  readonly threshold: Float32Array;
  /** Nodes, counted over all trees, of the rows that pass the comparison, and of those that do not. */
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** Not zero where a missing value goes left; everywhere right when left out. */
  readonly missingLeft?: ArrayLike<number> | undefined;
  /** Which values go left: `x < threshold`, or `x ≤ threshold`. */
  readonly comparison: 'less' | 'less-or-equal';
  /** `targets` values of every node, of which those of leaves count. */
  readonly values: ArrayLike<number>;
  readonly targets: number;
  /** Added to the sum over the trees, one a target. */
  readonly base?: ArrayLike<number>;
  readonly aggregate: 'sum' | 'average';
}

/** Values of the trees for every row, `n × targets` (ai.onnx.ml TreeEnsembleRegressor). */
export function addDecisionTrees(builder: OnnxGraphBuilder, input: string, trees: DecisionTrees): string {
  const count = trees.treeStarts[trees.treeStarts.length - 1]!;
  const treeOfNode = new Int32Array(count);
  const numberInTree = new Int32Array(count);
  const feature = new Int32Array(count);
  const threshold = new Float32Array(count);
  const trueChild = new Int32Array(count);
  const falseChild = new Int32Array(count);
  const missingTrue = new Int32Array(count);
  const modes: string[] = [];
  const leaves: number[] = [];
  const branch = trees.comparison === 'less' ? 'BRANCH_LT' : 'BRANCH_LEQ';
  for (let tree = 0; tree + 1 < trees.treeStarts.length; tree++) {
    const start = trees.treeStarts[tree]!;
    for (let node = start; node < trees.treeStarts[tree + 1]!; node++) {
      treeOfNode[node] = tree;
      numberInTree[node] = node - start;
      if (trees.feature[node]! < 0) {
        modes.push('LEAF');
        leaves.push(node);
        continue;
      }
      modes.push(branch);
      feature[node] = trees.feature[node]!;
      threshold[node] = trees.threshold[node]!;
      trueChild[node] = trees.left[node]! - start;
      falseChild[node] = trees.right[node]! - start;
      missingTrue[node] = trees.missingLeft?.[node] ? 1 : 0;
    }
  }
  const { targets } = trees;
  const votes = leaves.flatMap((node) => Array.from({ length: targets }, (_, target) => ({ node, target })));
  const attributes: Record<string, OnnxAttribute> = {
    aggregate_function: { text: trees.aggregate === 'sum' ? 'SUM' : 'AVERAGE' },
    n_targets: { integer: targets },
    nodes_treeids: { integers: treeOfNode },
    nodes_nodeids: { integers: numberInTree },
    nodes_featureids: { integers: feature },
    nodes_values: { floats: threshold },
    nodes_modes: { texts: modes },
    nodes_truenodeids: { integers: trueChild },
    nodes_falsenodeids: { integers: falseChild },
    nodes_missing_value_tracks_true: { integers: missingTrue },
    target_treeids: { integers: votes.map(({ node }) => treeOfNode[node]!) },
    target_nodeids: { integers: votes.map(({ node }) => numberInTree[node]!) },
    target_ids: { integers: votes.map(({ target }) => target) },
    target_weights: { floats: votes.map(({ node, target }) => trees.values[node * targets + target]!) },
  };
  if (trees.base) attributes.base_values = { floats: trees.base };
  return builder.node('TreeEnsembleRegressor', [input], attributes, onnxMlDomain);
}
