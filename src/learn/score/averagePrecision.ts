import { checkOutcomes, forEachStep, requireClasses } from './rankedOutcomes';

/**
 * Area under the curve of precision against recall (AUC-PR), summed in steps without interpolation, which would
 * flatter: Σ (recall − recall before) · precision (scikit-learn `average_precision_score`).
 * @param scores n finite numbers; higher is more likely positive.
 * @param labels n times 0 or 1.
 * @param weights n weights; 1 each when left out.
 * @throws LABELS_ONE_CLASS without a positive row, and as `checkOutcomes`.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const outcomes = checkOutcomes(scores, labels, weights);
  requireClasses(outcomes, 'positives');
  let area = 0;
  let truePositives = 0;
  let falsePositives = 0;
  forEachStep(scores, outcomes, (_, positives, negatives) => {
    truePositives += positives;
    falsePositives += negatives;
    area += positives * (truePositives / (truePositives + falsePositives));
  });
  return area / outcomes.positives;
}
