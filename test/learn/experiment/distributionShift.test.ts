import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { kolmogorovSmirnov, populationStability } from '../../../src/learn/experiment';

const bins = 20;
function histogram(n: number, draw: () => number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (let index = 0; index < n; index++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(draw() * bins)));
    counts[bin]! += 1;
  }
  return counts;
}

describe('the shift between two samples', () => {
  test('of one population is about nothing, whatever their sizes', () => {
    const random = seededRandom(1);
    const found = Array.from(
      { length: 200 },
      () => [histogram(200, () => random.next()), histogram(400, () => random.next())] as const,
    );
    const indices = found.map(([a, b]) => populationStability(a, b));
    expect(indices.reduce((sum, index) => sum + index, 0) / indices.length).toBeLessThan(0.03);
    const alarms = found.filter(([a, b]) => kolmogorovSmirnov(a, b).p < 0.05);
    expect(alarms.length).toBeLessThan(0.05 * found.length);
  });

  test('of two populations is large', () => {
    const random = seededRandom(2);
    const low = histogram(500, () => random.next() ** 3);
    const high = histogram(500, () => random.next() ** (1 / 3));
    expect(populationStability(low, high)).toBeGreaterThan(0.25);
    expect(kolmogorovSmirnov(low, high).p).toBeLessThan(1e-6);
  });

  test('the distance and its p-value are those of the definition', () => {
    // scipy.special.kolmogorov of the corrected statistic.
    const { distance, p } = kolmogorovSmirnov([50, 50], [30, 70]);
    expect(distance).toBeCloseTo(0.2, 12);
    expect(p).toBeCloseTo(0.03137665215307253, 6);
  });

  test('to an empty sample is none', () => {
    expect(populationStability([0, 0], [1, 2])).toBe(0);
    expect(kolmogorovSmirnov([1, 2], [0, 0])).toEqual({ distance: 0, p: 1 });
  });
});
