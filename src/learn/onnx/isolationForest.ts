import { addDecisionTrees, type DecisionTrees } from './decisionTrees';
import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** An isolation forest as trees whose leaves hold path lengths (Liu, Ting and Zhou, 2008). */
export interface IsolationTrees extends Pick<
  DecisionTrees,
  'treeStarts' | 'feature' | 'threshold' | 'left' | 'right' | 'missingLeft' | 'comparison'
> {
  /** Of every leaf: its depth plus the expected depth of a tree of the rows it holds. */
  readonly pathLength: ArrayLike<number>;
  /** Expected path length of an unsuccessful search among as many rows as a tree was grown on. */
  readonly normalizer: number;
}

/** Score of every row, `n × 1`: 2^(−mean path length / normalizer), near 1 for what is isolated early. */
export function addIsolationForest(
  builder: OnnxGraphBuilder,
  input: string,
  { pathLength, normalizer, ...trees }: IsolationTrees,
): string {
  const mean = addDecisionTrees(builder, input, {
    ...trees,
    values: pathLength,
    targets: 1,
    aggregate: 'average',
  });
  const exponent = builder.node('Mul', [mean, builder.floats('rate', [-1 / normalizer], [1])]);
  return builder.node('Pow', [builder.floats('two', [2], [1]), exponent]);
}
