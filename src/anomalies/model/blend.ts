import type { UnsupervisedStack } from './unsupervisedStack';

/**
 * How the parts of a model become one margin: `slope · Σ weight · score + intercept + treesWeight · softplus(trees)`,
 * where softplus(t) = log(1 + e^t) is −log of the chance that the trees give a row of being normal. Trees add
 * suspicion and never take any away: a row of a kind that no label ever showed gets nothing from them, and keeps the
 * place that the scores give it. No weight is below zero, so a row that looks stranger never gets a lower margin by it.
 */
export interface Blend {
  /** By score of the stack; they add up to 1. */
  readonly scoreWeights: readonly number[];
  readonly slope: number;
  readonly intercept: number;
  /** 0 leaves the unsupervised scores alone. */
  readonly treesWeight: number;
}

/**
 * Detectors that remember see more than scores of single rows, which then only help to tell what they call equal.
 * The forest and the window's subspace see different faults; the subspace of the states sees little that the window's
 * does not.
 */
const withGivenScore = {
  isolation_forest_score: 0.35,
  state_error_score: 0,
  window_error_score: 0.3,
  given_score: 1,
};
const withoutGivenScore = {
  isolation_forest_score: 1,
  state_error_score: 0.7,
  window_error_score: 0.7,
  given_score: 0,
};

/** With so many confirmed events, scores beside a given one have half of their say. */
const eventsForHalfTheirSay = 3;

/**
 * Weights of the scores, which add up to 1. A given score was chosen for the data at hand; the others come to their
 * full say beside it as reviews confirm anomalous events, so that where reviews found next to nothing the model stays
 * with what was chosen.
 */
export function scoreWeightsFor(
  { names }: Pick<UnsupervisedStack, 'names'>,
  confirmedEvents: number,
): number[] {
  const hasGiven = names.includes('given_score');
  const table = hasGiven ? withGivenScore : withoutGivenScore;
  const say = hasGiven ? confirmedEvents / (confirmedEvents + eventsForHalfTheirSay) : 1;
  const weights = names.map((name) => (name === 'given_score' ? 1 : say) * table[name]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Weighted sum of the scores of each row. */
export function combinedScore(
  scores: { values: Float32Array; n: number; d: number },
  weights: readonly number[],
): Float64Array {
  const combined = new Float64Array(scores.n);
  for (let row = 0; row < scores.n; row++) {
    for (let column = 0; column < scores.d; column++) {
      combined[row]! += weights[column]! * scores.values[row * scores.d + column]!;
    }
  }
  return combined;
}

/** log(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
