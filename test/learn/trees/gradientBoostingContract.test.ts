import type { Matrix } from '../../../src/learn/matrix';
import {
  fitGradientBoosting,
  gradientBoostingFromBytes,
  type FittedGradientBoosting,
} from '../../../src/learn/trees';
import { describeEstimator } from '../estimatorContract';

/** One group of the three is positive; both classes are there from two rows on. */
function labelsOf({ n }: Matrix): Uint8Array {
  return Uint8Array.from({ length: n }, (_, row) => (row % 3 === 1 ? 1 : 0));
}

describeEstimator<FittedGradientBoosting>({
  name: 'gradient boosting',
  fit: (data, random, control) =>
    fitGradientBoosting(data, labelsOf(data), { rounds: 12, columnsByNode: 0.7 }, random, control),
  minimumRows: 2,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: gradientBoostingFromBytes,
  answer: (fitted, queries) => fitted.predictProbability(queries),
  missingAllowed: true,
  threaded: true,
  longRunning: true,
});
