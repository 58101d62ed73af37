import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrixFromRows } from '../../../src/learn/matrix';
import { rowSilhouettes, silhouette } from '../../../src/learn/score';
import { gaussianGroups } from '../estimatorContract';
import { readClusterings } from '../cluster/clusterings';

const random = seededRandom(5);

describe('silhouettes of rows', () => {
  test.each(readClusterings())('$name: those of scikit-learn', async ({ rows, labels, silhouettes }) => {
    const data = matrixFromRows(rows);
    const found = await rowSilhouettes(data, Int32Array.from(labels), { metric: 'euclidean' }, random);
    expect(found.rows).toEqual(Int32Array.from(labels.keys()));
    silhouettes.forEach((expected, row) => expect(found.values[row]).toBeCloseTo(expected, 4));
    const mean = silhouettes.reduce((sum, value) => sum + value, 0) / silhouettes.length;
    expect(found.mean).toBeCloseTo(mean, 5);
    expect(silhouette(data, Int32Array.from(labels), { metric: 'euclidean' }, random)).toBe(found.mean);
  });

  test('a sample is seeded, and its standard error says how far off it may be', async () => {
    const data = gaussianGroups(3_000);
    // One row in five carries the label of another group.
    const labels = Int32Array.from({ length: data.n }, (_, row) => (row % 5 === 0 ? row + 1 : row) % 3);
    const all = (await rowSilhouettes(data, labels, { metric: 'euclidean' }, random)).mean;
    let within = 0;
    for (let seed = 0; seed < 40; seed++) {
      const options = { metric: 'euclidean', sample: 400 } as const;
      const drawn = await rowSilhouettes(data, labels, options, seededRandom(seed));
      const again = await rowSilhouettes(data, labels, options, seededRandom(seed));
      expect(again).toEqual(drawn);
      expect(drawn.rows.length).toBe(400);
      if (Math.abs(drawn.mean - all) <= 3 * drawn.standardError) within++;
    }
    expect(within).toBeGreaterThanOrEqual(38);
  });

  test('of some rows are those they have among all; of noise there is none', async () => {
    const data = gaussianGroups(200);
    const labels = Int32Array.from({ length: data.n }, (_, row) => (row % 7 === 0 ? -1 : row % 3));
    const all = await rowSilhouettes(data, labels, { metric: 'euclidean' }, random);
    const scored = Int32Array.from([3, 7, 50, 51, 199]);
    const some = await rowSilhouettes(data, labels, { metric: 'euclidean', scored }, random);
    expect(Array.from(some.rows)).toEqual([3, 50, 51, 199]);
    some.rows.forEach((row, index) => expect(some.values[index]).toBe(all.values[all.rows.indexOf(row)]));
    const cosine = await rowSilhouettes(data, labels, { metric: 'cosine', scored }, random);
    const allCosine = await rowSilhouettes(data, labels, { metric: 'cosine' }, random);
    cosine.rows.forEach((row, index) =>
      expect(cosine.values[index]).toBe(allCosine.values[allCosine.rows.indexOf(row)]),
    );
  });

  test('noise takes no part; a row alone scores 0', async () => {
    const data = matrixFromRows([[0], [1], [10], [500]]);
    const found = await rowSilhouettes(data, Int32Array.from([0, 0, 1, -1]), { metric: 'euclidean' }, random);
    expect(Array.from(found.rows)).toEqual([0, 1, 2]);
    expect(found.values[0]).toBeCloseTo(0.9, 6);
    expect(found.values[2]).toBe(0);
  });

  test('work that is told to stop stops', async () => {
    const controller = new AbortController();
    const control = { signal: controller.signal, onProgress: () => controller.abort() };
    const data = gaussianGroups(2_000);
    const labels = Int32Array.from({ length: data.n }, (_, row) => row % 3);
    await expect(
      rowSilhouettes(data, labels, { metric: 'euclidean' }, random, control),
    ).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
