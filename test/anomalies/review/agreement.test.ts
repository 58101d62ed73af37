import { expect, test } from '@jest/globals';
import { agreementOf, standingReviews, talliesOf } from '../../../src/anomalies/review/standingReviews';
import { reviewRow } from '../../support/warehouseRows';

const judged = (...items: string[]) =>
  standingReviews(
    items.flatMap((verdicts, item) =>
      verdicts.split('').map((letter, reviewer) =>
        reviewRow({
          reviewId: `${item}-${reviewer}`,
          itemId: `${item}`,
          reviewer: `${reviewer}`,
          verdict: letter === 'a' ? 'anomaly' : letter === 'n' ? 'normal' : 'skip',
        }),
      ),
    ),
  );
const judgedTallies = (...items: string[]) => talliesOf(judged(...items));

test('alpha is 1 where everybody agrees and null where nobody judged together', () => {
  expect(agreementOf(judgedTallies('aa', 'nn', 'nnn'))).toEqual({ items: 3, disagreeing: 0, alpha: 1 });
  expect(agreementOf(judgedTallies('a', 'n', 'as'))).toEqual({ items: 0, disagreeing: 0, alpha: null });
});

test('alpha equals the worked example of two reviewers and ten items', () => {
  // Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section A: alpha = 0.095.
  const one = 'nannnnnnan'.split('');
  const other = 'aaannannnn'.split('');
  const { alpha, disagreeing } = agreementOf(
    judgedTallies(...one.map((letter, index) => letter + other[index]!)),
  );
  expect(disagreeing).toBe(4);
  expect(alpha).toBeCloseTo(0.095, 3);
});

test('alpha is below 0 where reviewers contradict each other', () => {
  expect(agreementOf(judgedTallies('an', 'na', 'an')).alpha).toBeLessThan(0);
});
