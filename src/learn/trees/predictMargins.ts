import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../matrix';
import { checkFeatures } from './bins';
import { leafFeature, treeCount, type TreeEnsemble } from './ensemble';

/**
 * Log-odds of n rows: the base margin and one leaf of every tree, added up in float32 in the order of the trees,
 * as XGBoost does.
 * @throws as `checkQueries`.
 */
export function predictMargins(ensemble: TreeEnsemble, data: Matrix): Float32Array {
  checkQueries(ensemble, data);
  const { feature, threshold, left, right, defaultLeft, leafValue, treeOffsets } = ensemble;
  const { values, n, d } = data;
  const trees = treeCount(ensemble);
  const margins = new Float32Array(n).fill(ensemble.baseMargin);
  for (let row = 0; row < n; row++) {
    const start = row * d;
    for (let tree = 0; tree < trees; tree++) {
      let node = treeOffsets[tree]!;
      while (feature[node] !== leafFeature) {
        const value = values[start + feature[node]!]!;
        const goesLeft = value < threshold[node]! || (value !== value && defaultLeft[node] === 1);
        node = goesLeft ? left[node]! : right[node]!;
      }
      margins[row]! += leafValue[node]!;
    }
  }
  return margins;
}

/** Chances of being positive: the logistic function of each margin. */
export function probabilitiesOf(margins: Float32Array): Float32Array {
  return margins.map((margin) => 1 / (1 + Math.exp(-margin)));
}

/** @throws DATA_WIDTH_MISMATCH, and as `checkFeatures`. */
export function checkQueries(ensemble: TreeEnsemble, data: Matrix): void {
  checkFeatures(data);
  if (data.d !== ensemble.d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the data has ${data.d} columns, the model was fitted on ${ensemble.d}`,
    );
  }
}
