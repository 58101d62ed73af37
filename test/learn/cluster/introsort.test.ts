import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { introsort } from '../../../src/learn/cluster/introsort';

function expectSorted(keys: Float64Array): void {
  const order = introsort(keys);
  expect(new Set(order).size).toBe(keys.length);
  expect(order.every((item, index) => index === 0 || keys[order[index - 1]!]! <= keys[item]!)).toBe(true);
}

/** Musser's input for which every median of three is nearly the least key, so that quicksort alone is quadratic. */
function medianOfThreeKiller(length: number): Float64Array {
  const half = length / 2;
  return Float64Array.from({ length }, (_, index) => {
    if (index >= half) return 2 * (index - half + 1);
    return index % 2 === 0 ? index + 1 : half + index + (half % 2);
  });
}

describe('introsort', () => {
  test.each([0, 1, 2, 16, 17, 1000])('sorts %d keys, many of them equal', (length) => {
    const random = seededRandom(length);
    expectSorted(Float64Array.from({ length }, () => random.integer(7)));
  });

  test.each([
    ['rising', Float64Array.from({ length: 5000 }, (_, index) => index)],
    ['falling', Float64Array.from({ length: 5000 }, (_, index) => -index)],
    ['all equal', new Float64Array(5000)],
    ['a trap for medians of three', medianOfThreeKiller(20_000)],
  ])('sorts %s', (_, keys) => {
    expectSorted(keys);
  });

  test('leaves equal keys in the order in which numpy leaves them', () => {
    // numpy 1.24: numpy.argsort(numpy.arange(40) % 3)
    const keys = Float64Array.from({ length: 40 }, (_, index) => index % 3);
    expect(Array.from(introsort(keys))).toEqual([
      0, 36, 33, 30, 27, 24, 21, 18, 15, 12, 39, 9, 3, 6, 25, 37, 1, 34, 31, 28, 4, 10, 19, 16, 13, 7, 22, 14,
      35, 8, 2, 32, 23, 29, 38, 26, 20, 5, 17, 11,
    ]);
  });
});
