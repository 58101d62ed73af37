import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrixFromRows } from '../../../../src/learn/matrix';
import { detectorByName } from '../../../../src/learn/outlier';

const reference = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/classical/scores.json'), 'utf8'),
) as Record<string, number[]> & { train: number[][]; queries: number[][] };
const train = matrixFromRows(reference.train);
const queries = matrixFromRows(reference.queries);

const cases: Readonly<Record<string, { options: object; tolerance: number }>> = {
  local_outlier_factor: { options: { neighbors: 15 }, tolerance: 1e-5 },
  one_class_svm: { options: { nu: 0.1, gamma: 0.3 }, tolerance: 2e-3 },
  nearest_neighbors: { options: { neighbors: 5 }, tolerance: 1e-6 },
  dbscan: { options: { epsilon: 0.9, minPoints: 5 }, tolerance: 1e-6 },
  principal_components: { options: { varianceShare: 0.8 }, tolerance: 1e-5 },
  mahalanobis: { options: { robust: false }, tolerance: 1e-5 },
  ecod: { options: {}, tolerance: 1e-9 },
  copod: { options: {}, tolerance: 1e-9 },
  histogram: { options: {}, tolerance: 1e-6 },
};

describe('scores without standardisation are those of scikit-learn and of the published formulas', () => {
  test.each(Object.entries(cases))('%s', async (name, { options, tolerance }) => {
    const fitted = await detectorByName(name).fit(train, { ...options, standardize: false }, seededRandom(1));
    const scores = fitted.score(queries);
    const expected = reference[name]!;
    expect(scores.length).toBe(expected.length);
    expected.forEach((score, row) => {
      expect(Math.abs(scores[row]! - score)).toBeLessThan(tolerance * Math.max(1, Math.abs(score)));
    });
  });
});

describe('the robust Mahalanobis distance', () => {
  test('is not moved by a third of the rows that lie elsewhere, as the plain one is', async () => {
    const random = seededRandom(2);
    const rows = Array.from({ length: 300 }, (_, row) =>
      Array.from({ length: 3 }, () => random.normal() + (row < 100 ? 30 : 0)),
    );
    const data = matrixFromRows(rows);
    const least = async (robust: boolean): Promise<number> => {
      const fitted = await detectorByName('mahalanobis').fit(data, { robust }, seededRandom(1));
      const scores = fitted.score(data);
      return Math.min(...scores.subarray(0, 100)) / Math.max(...scores.subarray(100));
    };
    expect(await least(true)).toBeGreaterThan(3);
    expect(await least(false)).toBeLessThan(1);
  });
});

test('one-class SVM leaves about the share nu of its training rows outside', async () => {
  const random = seededRandom(4);
  const data = matrixFromRows(Array.from({ length: 600 }, () => [random.normal(), random.normal()]));
  for (const nu of [0.02, 0.1, 0.3]) {
    const fitted = await detectorByName('one_class_svm').fit(data, { nu }, seededRandom(1));
    const outside = fitted.score(data).filter((score) => score > fitted.threshold).length / data.n;
    expect(Math.abs(outside - nu)).toBeLessThan(0.03);
  }
});

test('DBSCAN with an epsilon that makes no row a core row is refused', async () => {
  await expect(detectorByName('dbscan').fit(train, { epsilon: 1e-9 }, seededRandom(1))).rejects.toMatchObject(
    { code: 'PARAMETER_INVALID', culprit: { option: 'epsilon' } },
  );
});
