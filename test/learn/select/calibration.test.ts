import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { calibrate, expectedCostThreshold, fitIsotonic, fitPlatt } from '../../../src/learn/select';

interface Case {
  readonly scores: number[];
  readonly labels: number[];
  readonly weights: number[];
  readonly queries: number[];
  readonly platt: [number, number];
  readonly plattWeighted: [number, number];
  readonly isotonic: number[];
  readonly isotonicWeighted: number[];
}

const cases = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/select/calibration.json'), 'utf8'),
) as Case[];

describe.each(cases.map((given, index) => ({ given, index })))(
  'case $index agrees with scikit-learn',
  ({ given }) => {
    test.each([
      ['without weights', false],
      ['with weights', true],
    ] as const)('Platt %s', (_, weighted) => {
      const fitted = fitPlatt(given.scores, given.labels, weighted ? given.weights : undefined);
      const [slope, intercept] = weighted ? given.plattWeighted : given.platt;
      expect(fitted.slope).toBeCloseTo(slope, 3);
      expect(fitted.intercept).toBeCloseTo(intercept, 3);
    });

    test.each([
      ['without weights', false],
      ['with weights', true],
    ] as const)('isotonic regression %s', (_, weighted) => {
      const fitted = fitIsotonic(given.scores, given.labels, weighted ? given.weights : undefined);
      const expected = weighted ? given.isotonicWeighted : given.isotonic;
      const answers = calibrate(fitted, given.queries);
      expected.forEach((value, index) => expect(answers[index]).toBeCloseTo(value, 6));
    });
  },
);

describe('calibration', () => {
  test('scores that separate the classes do not become certainty', () => {
    const fitted = fitPlatt([-2, -1, 1, 2], [0, 0, 1, 1]);
    const [low, high] = calibrate(fitted, [-2, 2]) as unknown as [number, number];
    expect(low).toBeGreaterThan(0.05);
    expect(high).toBeLessThan(0.95);
  });

  test('one class alone is refused by Platt and taken by isotonic regression', () => {
    expect(() => fitPlatt([1, 2], [0, 0])).toThrow(expect.objectContaining({ code: 'LABELS_ONE_CLASS' }));
    expect([...calibrate(fitIsotonic([1, 2], [0, 0]), [0, 3])]).toEqual([0, 0]);
  });

  test('constant scores give the share of positives', () => {
    expect([...calibrate(fitIsotonic([3, 3, 3, 3], [1, 0, 0, 0]), [1, 3, 9])]).toEqual([0.25, 0.25, 0.25]);
    const [probability] = calibrate(fitPlatt([3, 3, 3, 3], [1, 0, 0, 0]), [3]);
    expect(probability).toBeCloseTo((2 / 3 + 3 / 5) / 4, 2);
  });
});

describe('the threshold by expected cost', () => {
  const meanCost = (
    probabilities: readonly number[],
    labels: readonly number[],
    threshold: number,
    costs: { falsePositiveCost: number; falseNegativeCost: number },
  ): number =>
    probabilities.reduce((sum, probability, row) => {
      const alarm = probability >= threshold;
      if (alarm && labels[row] === 0) return sum + costs.falsePositiveCost;
      return sum + (!alarm && labels[row] === 1 ? costs.falseNegativeCost : 0);
    }, 0) / probabilities.length;

  test.each([
    { falsePositiveCost: 1, falseNegativeCost: 1 },
    { falsePositiveCost: 1, falseNegativeCost: 20 },
    { falsePositiveCost: 30, falseNegativeCost: 1 },
    { falsePositiveCost: 0, falseNegativeCost: 0 },
  ])('no other threshold is cheaper with %p', (costs) => {
    const random = seededRandom(11);
    for (let round = 0; round < 30; round++) {
      const probabilities = Array.from({ length: 25 }, () => random.integer(12) / 12);
      const labels = probabilities.map((probability) => (random.next() < probability ? 1 : 0));
      const { threshold, expectedCost } = expectedCostThreshold(probabilities, labels, costs);
      expect(meanCost(probabilities, labels, threshold, costs)).toBeCloseTo(expectedCost, 12);
      for (const other of [...probabilities, -1, 2]) {
        expect(meanCost(probabilities, labels, other, costs)).toBeGreaterThanOrEqual(expectedCost - 1e-12);
      }
    }
  });

  test('it lies between the scores that it parts', () => {
    const { threshold } = expectedCostThreshold([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], {
      falsePositiveCost: 1,
      falseNegativeCost: 1,
    });
    expect(threshold).toBeCloseTo(0.5);
  });

  test('a negative cost is refused by name', () => {
    expect(() => expectedCostThreshold([0.5], [1], { falsePositiveCost: -1, falseNegativeCost: 1 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'falsePositiveCost' } }),
    );
  });
});
