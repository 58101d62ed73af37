import { checkOutcomes, forEachStep, requireClasses } from './rankedOutcomes';

/**
 * Area under the receiver operating characteristic: the chance that a positive row scores higher than a negative
 * one, ties counting half (Hanley and McNeil, 1982; scikit-learn `roc_auc_score`).
 * @param scores n finite numbers; higher is more likely positive.
 * @param labels n times 0 or 1.
 * @param weights n weights; 1 each when left out.
 * @throws LABELS_ONE_CLASS without rows of both classes, and as `checkOutcomes`.
 */
export function rocAuc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const outcomes = checkOutcomes(scores, labels, weights);
  requireClasses(outcomes, 'both');
  let area = 0;
  let above = 0;
  forEachStep(scores, outcomes, (_, positives, negatives) => {
    area += negatives * (above + positives / 2);
    above += positives;
  });
  return area / (outcomes.positives * outcomes.negatives);
}
