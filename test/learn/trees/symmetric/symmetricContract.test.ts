import type { Matrix } from '../../../../src/learn/matrix';
import {
  fitSymmetricBoosting,
  symmetricBoostingFromBytes,
  type FittedSymmetricBoosting,
  type SymmetricFitOptions,
} from '../../../../src/learn/trees/symmetric';
import { describeEstimator } from '../../estimatorContract';

/** One group of the three is positive; both classes are there from two rows on. */
function labelsOf({ n }: Matrix): Uint8Array {
  return Uint8Array.from({ length: n }, (_, row) => (row % 3 === 1 ? 1 : 0));
}

const kinds: [string, SymmetricFitOptions][] = [
  ['ordered', { boosting: 'ordered' }],
  ['plain', { boosting: 'plain' }],
];
for (const [name, options] of kinds) {
  describeEstimator<FittedSymmetricBoosting>({
    name: `${name} boosting of symmetric trees`,
    fit: (data, random, control) =>
      fitSymmetricBoosting(data, labelsOf(data), { rounds: 12, ...options }, random, control),
    minimumRows: 2,
    toBytes: (fitted) => fitted.toBytes(),
    fromBytes: symmetricBoostingFromBytes,
    answer: (fitted, queries) => fitted.predictProbability(queries),
    missingAllowed: true,
    threaded: true,
    longRunning: true,
  });
}
