import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { bootstrapInterval, rocAuc } from '../../../src/learn/score';

const meanOf = (values: ArrayLike<number>) => (rows: Int32Array) =>
  rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;

describe('bootstrap intervals', () => {
  test('the interval of a mean is that of the normal approximation', () => {
    const random = seededRandom(1);
    const values = Float64Array.from({ length: 400 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const error = spread / Math.sqrt(values.length);
    const interval = bootstrapInterval(meanOf(values), values.length, random, { resamples: 4_000 });
    expect(interval.estimate).toBeCloseTo(mean, 12);
    expect(interval.standardError / error).toBeGreaterThan(0.95);
    expect(interval.standardError / error).toBeLessThan(1.05);
    expect((interval.lower - mean) / error).toBeCloseTo(-1.96, 0);
    expect((interval.upper - mean) / error).toBeCloseTo(1.96, 0);
  });

  test('nineteen of twenty intervals hold the true mean', () => {
    const random = seededRandom(2);
    let holding = 0;
    for (let repeat = 0; repeat < 200; repeat++) {
      const values = Float64Array.from({ length: 60 }, () => random.normal());
      const { lower, upper } = bootstrapInterval(meanOf(values), 60, random, { resamples: 300 });
      if (lower <= 0 && upper >= 0) holding++;
    }
    expect(holding).toBeGreaterThan(175);
    expect(holding).toBeLessThan(200);
  });

  test('rows that resemble their group widen the interval as much as there are fewer groups than rows', () => {
    const random = seededRandom(3);
    const groups = Int32Array.from({ length: 1_000 }, (_, row) => Math.floor(row / 20));
    const levels = Array.from({ length: 50 }, () => random.normal());
    const values = Float64Array.from(groups, (group) => levels[group]!);
    const alone = bootstrapInterval(meanOf(values), 1_000, seededRandom(4));
    const together = bootstrapInterval(meanOf(values), 1_000, seededRandom(4), { groups });
    expect(together.standardError / alone.standardError).toBeGreaterThan(0.85 * Math.sqrt(20));
    expect(together.standardError / alone.standardError).toBeLessThan(1.15 * Math.sqrt(20));
  });

  test('groups of unequal size are drawn whole', () => {
    const groups = [7, 7, 7, 9, 11, 11];
    bootstrapInterval(
      (rows) => {
        const counts = new Map<number, number>();
        for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
        expect(counts.get(0)).toBe(counts.get(2));
        expect(counts.get(4)).toBe(counts.get(5));
        return 0;
      },
      groups.length,
      seededRandom(5),
      { groups, resamples: 50 },
    );
  });

  test('samples of one class are drawn again and counted', () => {
    const scores = [0.1, 0.2, 0.3, 0.9];
    const labels = [0, 0, 0, 1];
    const statistic = (rows: Int32Array): number =>
      rocAuc(
        Array.from(rows, (row) => scores[row]!),
        Array.from(rows, (row) => labels[row]!),
      );
    const interval = bootstrapInterval(statistic, 4, seededRandom(6), { resamples: 100 });
    expect(interval).toMatchObject({ estimate: 1, lower: 1, upper: 1, resamples: 100 });
    expect(interval.redrawn).toBeGreaterThan(0);
  });

  test('the same seed gives the same interval', () => {
    const values = [1, 5, 2, 8, 4];
    const draw = (): unknown => bootstrapInterval(meanOf(values), 5, seededRandom(8), { resamples: 99 });
    expect(draw()).toEqual(draw());
  });

  test('what cannot be drawn is refused', () => {
    const refusal = (code: string, culprit = {}): unknown =>
      expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });
    const mean = meanOf([1, 2]);
    expect(() => bootstrapInterval(mean, 0, seededRandom(1))).toThrow(refusal('DATA_EMPTY'));
    expect(() => bootstrapInterval(mean, 2, seededRandom(1), { groups: [1] })).toThrow(
      refusal('DATA_RAGGED'),
    );
    expect(() => bootstrapInterval(mean, 2, seededRandom(1), { resamples: 0 })).toThrow(
      refusal('PARAMETER_INVALID', { option: 'resamples' }),
    );
    expect(() => bootstrapInterval(mean, 2, seededRandom(1), { confidence: 1 })).toThrow(
      refusal('PARAMETER_INVALID', { option: 'confidence' }),
    );
    const never = (rows: Int32Array): number => (rows.every((row, index) => row === index) ? 0 : Number.NaN);
    expect(() => bootstrapInterval(never, 40, seededRandom(1), { resamples: 10 })).toThrow(
      refusal('LABELS_ONE_CLASS'),
    );
  });
});
