import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrixFromRows } from '../../../src/learn/matrix';
import type { Metric } from '../../../src/learn/neighbors';
import { trustworthiness } from '../../../src/learn/score';
import { createThreadPool } from '../../../src/learn/threads';

interface TrustworthinessCase {
  metric: Metric;
  neighbors: number;
  data: number[][];
  embedding: number[][];
  trustworthiness: number;
}

const cases = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/umap/trustworthiness.json'), 'utf8'),
) as TrustworthinessCase[];

describe('trustworthiness', () => {
  const pool = createThreadPool(2);
  afterAll(() => pool.close());

  test.each(cases.map((item) => [item.metric, item] as const))(
    '%s: the figure of scikit-learn',
    async (_, item) => {
      const data = matrixFromRows(item.data);
      const embedding = matrixFromRows(item.embedding);
      expect(await trustworthiness(data, embedding, item)).toBeCloseTo(item.trustworthiness, 6);
      expect(await trustworthiness(data, embedding, item, { threads: pool })).toBeCloseTo(
        item.trustworthiness,
        6,
      );
    },
  );

  test('an embedding that is the data is fully trusted, a shuffled one is not', async () => {
    const random = seededRandom(1);
    const data = matrixFromRows(Array.from({ length: 600 }, () => [random.normal(), random.normal()]));
    const shuffled = matrixFromRows(Array.from({ length: 600 }, () => [random.normal(), random.normal()]));
    const options = { neighbors: 10, metric: 'euclidean' as const };
    expect(await trustworthiness(data, data, options)).toBe(1);
    expect(await trustworthiness(data, shuffled, options)).toBeLessThan(0.6);
  });

  test('a sample of the rows comes near to the figure of all', async () => {
    const random = seededRandom(2);
    const data = matrixFromRows(
      Array.from({ length: 800 }, () => Array.from({ length: 4 }, () => random.normal())),
    );
    const embedding = matrixFromRows(
      Array.from({ length: 800 }, (_, row) => [...data.values.subarray(row * 4, row * 4 + 2)]),
    );
    const options = { neighbors: 10, metric: 'euclidean' as const };
    const all = await trustworthiness(data, embedding, options);
    const some = await trustworthiness(data, embedding, { ...options, sample: { rows: 300, random } });
    expect(Math.abs(all - some)).toBeLessThan(0.02);
    expect(some).not.toBe(all);
  });

  test('wrong sizes are refused by name', async () => {
    const data = matrixFromRows([[1], [2], [3], [4]]);
    await expect(trustworthiness(data, data, { neighbors: 2, metric: 'euclidean' })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'neighbors' },
    });
    await expect(
      trustworthiness(data, matrixFromRows([[1], [2]]), { neighbors: 1, metric: 'euclidean' }),
    ).rejects.toMatchObject({ code: 'DATA_RAGGED', culprit: { row: 2 } });
  });
});
