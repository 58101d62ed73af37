import type { Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { Parameters } from '../../learn/select';
import { fitGradientBoosting } from '../../learn/trees';
import { fitSymmetricBoosting } from '../../learn/trees/symmetric';
import type { BoostedModel } from '../model';

/** Parameters of either family, in the names of its options. */
export type TreeParameters = Parameters;

/**
 * Few columns per tree: of hundreds of features most say the same, and a tree that may choose among all leans on the
 * few that the reviewed events happen to show. Leaves may be light, since anomalies are few.
 */
const gradientDefaults = {
  maxDepth: 6,
  learningRate: 0.1,
  rounds: 200,
  subsample: 0.8,
  columnsByTree: 0.15,
  minChildWeight: 0.1,
} as const;
const symmetricDefaults = {
  depth: 6,
  rounds: 200,
  learningRate: 0.1,
  classWeights: 'square-root-balanced',
  boosting: 'plain',
} as const;

export interface WeightedRows {
  readonly data: Matrix;
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
}

/** @throws LABELS_ONE_CLASS, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED, … as the family's own fit. */
export async function fitTrees(
  family: BoostedModel['family'],
  { data, labels, weights }: WeightedRows,
  parameters: TreeParameters,
  random: Random,
  run?: RunControl,
): Promise<BoostedModel> {
  if (family === 'gradient') {
    const options = { ...gradientDefaults, ...parameters, weights };
    return { family, fitted: await fitGradientBoosting(data, labels, options, random, run) };
  }
  const options = { ...symmetricDefaults, ...parameters, weights };
  return { family, fitted: await fitSymmetricBoosting(data, labels, options, random, run) };
}
