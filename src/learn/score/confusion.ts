import { QuarterdeckError } from '../../contracts';
import { checkOutcomes } from './rankedOutcomes';

/** Rows, or their weight, by what they are and what they were taken for. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

export interface PrecisionRecallF1 {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Counts the rows when every score at or above the threshold is taken for positive.
 * @throws PARAMETER_INVALID for a threshold that is NaN, and as `checkOutcomes`.
 */
export function confusionAt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
  weights?: ArrayLike<number>,
): Confusion {
  if (Number.isNaN(threshold)) {
    throw new QuarterdeckError('PARAMETER_INVALID', 'the threshold is NaN', {
      culprit: { option: 'threshold' },
    });
  }
  const outcomes = checkOutcomes(scores, labels, weights);
  let truePositives = 0;
  let falsePositives = 0;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row]! < threshold) continue;
    const weight = weights ? weights[row]! : 1;
    if (labels[row] === 1) truePositives += weight;
    else falsePositives += weight;
  }
  return {
    truePositives,
    falsePositives,
    falseNegatives: outcomes.positives - truePositives,
    trueNegatives: outcomes.negatives - falsePositives,
  };
}

/**
 * Precision, recall and their harmonic mean. A share of nothing (no row taken for positive, or none positive) is 0,
 * as in scikit-learn.
 */
export function precisionRecallF1(confusion: Confusion): PrecisionRecallF1 {
  const { truePositives, falsePositives, falseNegatives } = confusion;
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  return {
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  };
}
