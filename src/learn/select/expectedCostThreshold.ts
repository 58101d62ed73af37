import { checkOutcomes, forEachStep } from '../score/rankedOutcomes';
import { invalidOption } from './folds';

/** What a mistake costs, in any one unit. */
export interface MistakeCosts {
  /** An alarm for nothing. */
  readonly falsePositiveCost: number;
  /** An anomaly that nobody is told of. */
  readonly falseNegativeCost: number;
}

export interface CostThreshold {
  /** Rows at or above it are called anomalies. */
  readonly threshold: number;
  /** Mean cost of a row with it. */
  readonly expectedCost: number;
}

/**
 * The threshold with the lowest mean cost on labelled rows, halfway between the lowest score above it and the highest
 * below it; of equally cheap ones the highest, which rings less. Above every score when no alarm is cheapest.
 * @param probabilities n finite numbers. @param labels n times 0 or 1. @param weights n weights; 1 each when left out.
 * @throws PARAMETER_INVALID, DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, LABELS_INVALID.
 */
export function expectedCostThreshold(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { falsePositiveCost, falseNegativeCost }: MistakeCosts,
  weights?: ArrayLike<number>,
): CostThreshold {
  for (const [option, cost] of Object.entries({ falsePositiveCost, falseNegativeCost })) {
    if (!(Number.isFinite(cost) && cost >= 0))
      throw invalidOption(option, cost, 'a finite cost of at least 0');
  }
  const outcomes = checkOutcomes(probabilities, labels, weights);
  const total = outcomes.positives + outcomes.negatives;
  let missed = outcomes.positives;
  let falseAlarms = 0;
  let bestCost = missed * falseNegativeCost;
  let lastIn: number | undefined;
  let firstOut: number | undefined;
  let previous: number | undefined;
  let awaitsNext = true;
  forEachStep(probabilities, outcomes, (score, positives, negatives) => {
    if (awaitsNext) {
      firstOut = score;
      awaitsNext = false;
    }
    missed -= positives;
    falseAlarms += negatives;
    const cost = missed * falseNegativeCost + falseAlarms * falsePositiveCost;
    if (cost < bestCost) {
      bestCost = cost;
      lastIn = score;
      firstOut = undefined;
      awaitsNext = true;
    }
    previous = score;
  });
  const threshold =
    lastIn === undefined
      ? Math.max(firstOut ?? 0, 0) + (firstOut !== undefined && firstOut < 1 ? (1 - firstOut) / 2 : 1)
      : firstOut === undefined
        ? previous!
        : (lastIn + firstOut) / 2;
  return { threshold, expectedCost: total > 0 ? bestCost / total : 0 };
}
