/** The part of jstat that is used here; the package brings no types. */
interface Statistics {
  readonly chisquare: { cdf(value: number, degreesOfFreedom: number): number };
}
const { jStat } = require('jstat') as { readonly jStat: Statistics };

export interface ChiSquare {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Probability of a statistic at least as large when nothing but chance is at work. */
  readonly p: number;
}

/**
 * Pearson's test of counts against the shares that they should have.
 * @param expectedShares at least two, above 0, adding up to 1.
 * @returns p = 1 for no counts at all
 */
export function chiSquareOfShares(counts: readonly number[], expectedShares: readonly number[]): ChiSquare {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const statistic = counts.reduce((sum, count, index) => {
    const expected = total * expectedShares[index]!;
    return expected > 0 ? sum + (count - expected) ** 2 / expected : sum;
  }, 0);
  return chiSquare(statistic, counts.length - 1);
}

/** Pearson's test of independence in a 2 × 2 table of successes and failures; p = 1 where a margin is empty. */
export function chiSquareOfTable(
  first: { readonly successes: number; readonly trials: number },
  second: { readonly successes: number; readonly trials: number },
): ChiSquare {
  const n = first.trials + second.trials;
  const successes = first.successes + second.successes;
  const margins = first.trials * second.trials * successes * (n - successes);
  if (margins === 0) return chiSquare(0, 1);
  const cross =
    first.successes * (second.trials - second.successes) -
    second.successes * (first.trials - first.successes);
  return chiSquare((n * cross ** 2) / margins, 1);
}

function chiSquare(statistic: number, degreesOfFreedom: number): ChiSquare {
  const p = statistic > 0 ? Math.max(0, 1 - jStat.chisquare.cdf(statistic, degreesOfFreedom)) : 1;
  return { statistic, degreesOfFreedom, p };
}
