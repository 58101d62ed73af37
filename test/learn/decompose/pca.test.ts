import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitPca, pcaFromBytes } from '../../../src/learn/decompose';
import { matrixFromRows, type Matrix } from '../../../src/learn/matrix';

interface PcaCase {
  data: number[][];
  asked: number;
  components: number[][];
  explainedVariance: number[];
  explainedVarianceRatio: number[];
  scores: number[][];
}

const cases = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/umap/pca.json'), 'utf8'),
) as PcaCase[];

const column = (rows: ArrayLike<number>[], i: number): number[] => rows.map((row) => row[i]!);
const rowsOf = ({ values, n, d }: Matrix): number[][] =>
  Array.from({ length: n }, (_, row) => [...values.subarray(row * d, (row + 1) * d)]);

function expectClose(left: ArrayLike<number>, right: ArrayLike<number>, tolerance: number): void {
  expect(left.length).toBe(right.length);
  for (let at = 0; at < left.length; at++) expect(Math.abs(left[at]! - right[at]!)).toBeLessThan(tolerance);
}

function randomData(n: number, d: number): Matrix {
  const random = seededRandom(9);
  return matrixFromRows(
    Array.from({ length: n }, () => {
      const base = random.normal();
      return Array.from({ length: d }, (_, k) => base * (k % 5) + random.normal() / (1 + (k % 7)));
    }),
  );
}

describe('principal components', () => {
  test.each(cases.map((item) => [item.asked, item] as const))(
    'asked for %d: the components, variances and scores of scikit-learn',
    async (asked, item) => {
      const data = matrixFromRows(item.data);
      const pca = await fitPca(
        data,
        asked < 1 ? { varianceShare: asked } : { components: asked },
        seededRandom(1),
      );
      expect(pca.components.n).toBe(item.components.length);
      expectClose(pca.explainedVariance, item.explainedVariance, 1e-3);
      expectClose(pca.explainedVarianceRatio, item.explainedVarianceRatio, 1e-6);
      const components = rowsOf(pca.components);
      const scores = rowsOf(pca.transform(data));
      item.components.forEach((theirs, i) => {
        const sign = Math.sign(theirs.reduce((sum, value, k) => sum + value * components[i]![k]!, 0));
        expectClose(
          components[i]!,
          theirs.map((value) => value * sign),
          1e-5,
        );
        expectClose(
          column(scores, i),
          column(item.scores, i).map((value) => value * sign),
          1e-4,
        );
      });
    },
  );

  test('a few components of wide covariance, found by Lanczos, agree with all of them', async () => {
    const data = randomData(700, 300);
    const few = await fitPca(data, { components: 6 }, seededRandom(1));
    const all = await fitPca(data, { components: 300 }, seededRandom(1));
    expectClose(few.explainedVariance, all.explainedVariance.slice(0, 6), 1e-6);
    expectClose(few.components.values, all.components.values.slice(0, 6 * 300), 1e-4);
  });

  test('all components bring the data back; the bytes bring the model back', async () => {
    const data = randomData(50, 9);
    const pca = await fitPca(data, { varianceShare: 1 }, seededRandom(1));
    const restored = pcaFromBytes(pca.toBytes());
    expect(restored.toBytes()).toEqual(pca.toBytes());
    expectClose(restored.inverse(restored.transform(data)).values, data.values, 1e-4);
  });

  test('constant data has no variance, and says so with zeros', async () => {
    const pca = await fitPca(
      { values: new Float32Array(40).fill(3), n: 10, d: 4 },
      { components: 2 },
      seededRandom(1),
    );
    expect([...pca.explainedVariance]).toEqual([0, 0]);
    expect([...pca.explainedVarianceRatio]).toEqual([0, 0]);
  });

  test.each([
    [{ components: 0 }, 'components'],
    [{ components: 10 }, 'components'],
    [{ varianceShare: 0 }, 'varianceShare'],
    [{ varianceShare: 1.1 }, 'varianceShare'],
  ])('%j is refused by name', async (options, option) => {
    await expect(fitPca(randomData(30, 9), options, seededRandom(1))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option },
    });
  });

  test('data of another width is refused', async () => {
    const pca = await fitPca(randomData(30, 9), { components: 2 }, seededRandom(1));
    expect(() => pca.transform(randomData(3, 8))).toThrow(
      expect.objectContaining({ code: 'DATA_WIDTH_MISMATCH' }),
    );
  });
});
