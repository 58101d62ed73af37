import { QuarterdeckError } from '../../contracts';
import { checkOutcomes } from './rankedOutcomes';

/** Proper scores of probabilities: both are lowest when the stated probabilities are the true ones. */

/** Keeps the logarithm finite when a model is sure and wrong: the least step of a double near 1. */
const leastProbability = Number.EPSILON;

/**
 * Mean negative log-likelihood in nats (scikit-learn `log_loss`).
 * @param probabilities n numbers from 0 to 1, of being positive.
 * @throws PARAMETER_INVALID naming the row of a number outside 0 to 1 or when no row has weight; as `checkOutcomes`.
 */
export function logLoss(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return meanLoss(probabilities, labels, weights, (probability, label) => {
    const bounded = Math.min(Math.max(probability, leastProbability), 1 - leastProbability);
    return label === 1 ? -Math.log(bounded) : -Math.log1p(-bounded);
  });
}

/**
 * Mean squared difference between probability and outcome (Brier, 1950).
 * @param probabilities n numbers from 0 to 1, of being positive.
 * @throws as `logLoss`.
 */
export function brierScore(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  return meanLoss(probabilities, labels, weights, (probability, label) => (probability - label) ** 2);
}

function meanLoss(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  loss: (probability: number, label: number) => number,
): number {
  const { positives, negatives } = checkOutcomes(probabilities, labels, weights);
  const total = positives + negatives;
  if (total === 0) {
    throw new QuarterdeckError('PARAMETER_INVALID', 'no row has any weight', {
      culprit: { option: 'weights' },
    });
  }
  let sum = 0;
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row]!;
    if (probability < 0 || probability > 1) {
      throw new QuarterdeckError('PARAMETER_INVALID', `row ${row} has the probability ${probability}`, {
        culprit: { option: 'probabilities', row },
      });
    }
    sum += (weights ? weights[row]! : 1) * loss(probability, labels[row]!);
  }
  return sum / total;
}
