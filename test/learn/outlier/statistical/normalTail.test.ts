import { expect, test } from '@jest/globals';
import { normalTail } from '../../../../src/learn/outlier/statistical/normalTail';

/** scipy.stats.norm.sf */
const reference: [number, number][] = [
  [-9, 1],
  [-1.5, 0.9331927987311419],
  [0, 0.5],
  [0.1, 0.460172162722971],
  [1, 0.15865525393145707],
  [2.5, 0.006209665325776132],
  [2.999999, 0.0013499024634851552],
  [3, 0.0013498980316300933],
  [5, 2.866515718791933e-7],
  [10, 7.61985302416047e-24],
  [37, 5.7255712225239266e-300],
  [Infinity, 0],
];

test.each(reference)('the normal tail beyond %d is that of scipy', (z, expected) => {
  expect(Math.abs(normalTail(z) - expected)).toBeLessThanOrEqual(2e-13 * expected);
});
