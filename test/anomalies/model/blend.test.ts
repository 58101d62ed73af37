import { describe, expect, test } from '@jest/globals';
import { scoreWeightsFor } from '../../../src/anomalies/model';

const withGiven = {
  names: ['isolation_forest_score', 'state_error_score', 'window_error_score', 'given_score'],
} as const;

describe('weights of the unsupervised scores', () => {
  test('without a confirmed event a given score decides alone', () => {
    expect(scoreWeightsFor(withGiven, 0)).toEqual([0, 0, 0, 1]);
  });

  test('the others come to their say as events are confirmed, and never outweigh what was chosen', () => {
    const given = [1, 3, 10, 1_000].map((events) => scoreWeightsFor(withGiven, events)[3]!);
    expect(given).toEqual(given.toSorted((a, b) => b - a));
    expect(given[0]!).toBeLessThan(1);
    expect(given.at(-1)!).toBeGreaterThan(0.5);
    for (const events of [0, 1, 1_000]) {
      expect(scoreWeightsFor(withGiven, events).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
    }
  });

  test('without a given score reviews change nothing', () => {
    const names = withGiven.names.slice(0, 3);
    expect(scoreWeightsFor({ names }, 0)).toEqual(scoreWeightsFor({ names }, 50));
  });
});
