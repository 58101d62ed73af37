import { correlation, shareRanks } from '../ranks';

/**
 * Weights of detectors whose labels nobody has: each counts by the rank correlations of its scores with the
 * others', so that the odd one out counts least; one that ranks against the others has no say about them. They add up to 1; all are equal where nobody agrees.
 * @param scores of the same rows, one array per detector.
 */
export function agreementWeights(scores: readonly Float64Array[]): Float64Array {
  const ranks = scores.map(shareRanks);
  const agreement = Float64Array.from(ranks, (own, at) => {
    let sum = 0;
    ranks.forEach((other, index) => (sum += index === at ? 0 : Math.max(0, correlation(own, other))));
    return sum;
  });
  const total = agreement.reduce((sum, value) => sum + value, 0);
  return total > 0 ? agreement.map((value) => value / total) : agreement.fill(1 / scores.length);
}
