import type { PrecisionRecallF1 } from './confusion';
import { checkOutcomes, forEachStep, requireClasses } from './rankedOutcomes';

/**
 * The highest F1 that any threshold reaches, and the highest threshold that reaches it: rows that score at or above
 * are taken for positive. A figure of what a ranking allows, not of what a threshold chosen beforehand gives.
 * @throws LABELS_ONE_CLASS without a positive row, and as `checkOutcomes`.
 */
export function bestF1(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): PrecisionRecallF1 & { readonly threshold: number } {
  const outcomes = checkOutcomes(scores, labels, weights);
  requireClasses(outcomes, 'positives');
  let best = { f1: -1, precision: 0, recall: 0, threshold: Infinity };
  let truePositives = 0;
  let falsePositives = 0;
  forEachStep(scores, outcomes, (threshold, positives, negatives) => {
    truePositives += positives;
    falsePositives += negatives;
    const taken = truePositives + falsePositives;
    const f1 = (2 * truePositives) / (taken + outcomes.positives);
    if (f1 > best.f1) {
      best = { f1, precision: truePositives / taken, recall: truePositives / outcomes.positives, threshold };
    }
  });
  return best;
}
