import { describe, expect, test } from '@jest/globals';
import { chiSquareOfShares, chiSquareOfTable } from '../../../src/learn/experiment';

/** Expected values: scipy.stats.chisquare and chi2_contingency(correction=False), scipy 1.10. */
describe("Pearson's chi-square", () => {
  test('of counts against shares', () => {
    const found = chiSquareOfShares([720, 280], [0.7, 0.3]);
    expect(found.statistic).toBeCloseTo(1.904761904761905, 12);
    expect(found.p).toBeCloseTo(0.16754627748861328, 10);
  });

  test('of a 2 × 2 table', () => {
    const found = chiSquareOfTable({ successes: 80, trials: 100 }, { successes: 130, trials: 140 });
    expect(found.statistic).toBeCloseTo(8.816326530612246, 10);
    expect(found.p).toBeCloseTo(0.0029854708912688084, 10);
  });

  test('without counts, or without a difference to see, nothing is unlikely', () => {
    expect(chiSquareOfShares([0, 0], [0.7, 0.3]).p).toBe(1);
    expect(chiSquareOfTable({ successes: 0, trials: 0 }, { successes: 3, trials: 5 }).p).toBe(1);
    expect(chiSquareOfTable({ successes: 5, trials: 5 }, { successes: 3, trials: 3 }).p).toBe(1);
    expect(chiSquareOfShares([70, 30], [0.7, 0.3]).p).toBe(1);
  });

  test('of a split that is far off has a p-value of nearly nothing and no less', () => {
    const { p } = chiSquareOfShares([100_000, 900_000], [0.7, 0.3]);
    expect(p).toBeGreaterThanOrEqual(0);
    expect(p).toBeLessThan(1e-12);
  });
});
