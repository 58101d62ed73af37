/** How far two samples of probabilities lie apart, from their histograms over equal bins of [0, 1]. */

/** Added to every bin's share, so that an empty one does not make the index infinite. */
const leastShare = 1e-4;

/**
 * Population stability index: Σ (q − p) ln(q / p) over the bins' shares (Siddiqi, "Credit risk scorecards", 2006, whose
 * rule of thumb is 0.1 for a small and 0.25 for a large shift). What two samples of these sizes from one population would
 * show by chance, (bins − 1)(1/n + 1/m) (Yurdakul 2018), is taken off.
 */
export function populationStability(expected: readonly number[], actual: readonly number[]): number {
  const n = total(expected);
  const m = total(actual);
  if (n === 0 || m === 0) return 0;
  let index = 0;
  let used = 0;
  expected.forEach((count, bin) => {
    if (count + actual[bin]! > 0) used += 1;
    const p = Math.max(count / n, leastShare);
    const q = Math.max(actual[bin]! / m, leastShare);
    index += (q - p) * Math.log(q / p);
  });
  return Math.max(0, index - Math.max(0, used - 1) * (1 / n + 1 / m));
}

export interface KolmogorovSmirnov {
  /** Largest distance between the two cumulative shares. */
  readonly distance: number;
  readonly p: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test on the bins' edges: never a larger distance than on the values themselves, so binning
 * makes it more cautious. p by the asymptotic series with Stephens' correction (Numerical Recipes, 14.3.3).
 */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): KolmogorovSmirnov {
  const n = total(first);
  const m = total(second);
  if (n === 0 || m === 0) return { distance: 0, p: 1 };
  let distance = 0;
  let difference = 0;
  first.forEach((count, bin) => {
    difference += count / n - second[bin]! / m;
    distance = Math.max(distance, Math.abs(difference));
  });
  const size = Math.sqrt((n * m) / (n + m));
  return { distance, p: kolmogorovTail((size + 0.12 + 0.11 / size) * distance) };
}

/** Terms fall like exp(-2 k² x²): a hundred are more than enough where the series is used. */
const mostTerms = 100;

function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= mostTerms; k++) {
    const term = Math.exp(-2 * (k * x) ** 2);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-12) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
