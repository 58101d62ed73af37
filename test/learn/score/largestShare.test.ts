import { expect, test } from '@jest/globals';
import { largestShare } from '../../../src/learn/score';

test('the upper end solves the score equation of Wilson at one-sided 95 %', () => {
  for (const [part, whole] of [
    [0, 10],
    [9, 20],
    [18, 20],
    [199, 200],
  ] as const) {
    const bound = largestShare(part, whole);
    const share = part / whole;
    expect((bound - share) / Math.sqrt((bound * (1 - bound)) / whole)).toBeCloseTo(1.6449, 6);
  }
});

test('nothing tried rules nothing out, and all of all stays possible', () => {
  expect(largestShare(0, 0)).toBe(1);
  expect(largestShare(10, 10)).toBeCloseTo(1, 12);
});
