import { describe, expect, test } from '@jest/globals';
import { median, runningMedian } from '../../../../src/alerts/rank/metrics/runningMedian';
import { seededRandom } from '../../../../src/contracts';

function byDefinition(values: Float64Array): number {
  const known = Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  if (known.length === 0) return Number.NaN;
  const half = Math.floor(known.length / 2);
  return known.length % 2 === 1 ? known[half]! : (known[half - 1]! + known[half]!) / 2;
}

describe('the running median', () => {
  test.each([1, 2, 3, 10])(
    'equals the median of every window of %i, with missing and repeated values',
    (width) => {
      const random = seededRandom(width);
      const values = Float64Array.from({ length: 300 }, () =>
        random.next() < 0.3 ? Number.NaN : random.integer(12) - 6,
      );
      const medians = runningMedian(values, width);
      expect(medians.length).toBe(values.length - width + 1);
      medians.forEach((found, start) => {
        expect(found).toBe(byDefinition(values.subarray(start, start + width)));
      });
    },
  );

  test('is empty when the window is wider than the values', () => {
    expect(runningMedian(Float64Array.of(1, 2), 3)).toEqual(new Float64Array(0));
  });

  test('of nothing known is not a number, and leaves its input alone', () => {
    expect(median(Float64Array.of(Number.NaN))).toBeNaN();
    const values = Float64Array.of(3, 1, 2);
    expect(median(values)).toBe(2);
    expect([...values]).toEqual([3, 1, 2]);
  });
});
