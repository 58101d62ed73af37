import { describe, expect, test } from '@jest/globals';
import { binomialTail } from '../../../src/learn/experiment';

describe('the upper tail of a binomial', () => {
  // scipy.stats.binom.sf(k - 1, n, p)
  test.each([
    [3, 3, 0.01, 1e-6],
    [3, 90, 0.01, 0.0619435],
    [1, 100, 0.01, 0.6339677],
    [10, 20, 0.05, 1.13407e-8],
    [600, 1000, 0.5, 1.3642e-10],
  ])('of %i or more in %i at %d is that of scipy', (k, n, p, expected) => {
    expect(binomialTail(k, n, p) / expected).toBeCloseTo(1, 3);
  });

  test('is certain where it must be', () => {
    expect(binomialTail(0, 10, 0.3)).toBe(1);
    expect(binomialTail(4, 10, 1)).toBe(1);
    expect(binomialTail(1, 10, 0)).toBe(0);
    expect(binomialTail(10, 10, 0.5)).toBeCloseTo(2 ** -10, 12);
  });
});
