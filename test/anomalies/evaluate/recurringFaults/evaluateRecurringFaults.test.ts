import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  evaluateRecurringFaults,
  type RecurringFaultsEvaluation,
} from '../../../../src/anomalies/evaluate/recurringFaults';

describe('faults that come back, on a small fleet', () => {
  let evaluation: RecurringFaultsEvaluation;
  beforeAll(async () => {
    evaluation = await evaluateRecurringFaults({
      seed: 11,
      servers: 4,
      weeks: 1,
      faultsPerServerWeek: 12,
      everyMinutes: 15,
      reviewShare: 0.04,
      randomMultiples: [1],
      folds: 2,
    });
  }, 120_000);

  test('reviews stay within their share of the first half, and each kind of fault is in both halves', () => {
    const { rows, reviewed, reviewShare, faults } = evaluation;
    expect(rows.train + rows.test).toBe(4 * 672);
    expect(reviewed.reviewed).toBeLessThanOrEqual(0.04 * rows.train);
    expect(reviewShare).toBeCloseTo(reviewed.reviewed / rows.train);
    expect(Math.min(faults.train, faults.test)).toBeGreaterThanOrEqual(12);
    expect(Object.keys(reviewed.recallByKind)).toHaveLength(12);
  });

  test('a few reviews come near to all labels, and beat as many that are spent at random', () => {
    const { reviewed, random, shareOfSupervisedF1 } = evaluation;
    expect(reviewed.f1).toBeGreaterThan(0.8);
    expect(shareOfSupervisedF1).toBeGreaterThan(0.9);
    expect(reviewed.f1).toBeGreaterThan(random[0]!.f1);
  });
});
