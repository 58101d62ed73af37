import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitKMeans } from '../../../src/learn/cluster';
import { LloydSteps } from '../../../src/learn/cluster/lloyd';
import { matrix, matrixFromRows } from '../../../src/learn/matrix';
import { adjustedRandIndex } from '../../../src/learn/score';
import { gaussianGroups } from '../estimatorContract';
import { readClusterings } from './clusterings';

describe('K-Means beside scikit-learn', () => {
  test.each(readClusterings())('$name: no more inertia', async ({ rows, clusters, inertia }) => {
    const fitted = await fitKMeans(matrixFromRows(rows), { clusters }, seededRandom(3));
    expect(fitted.inertia).toBeLessThanOrEqual(inertia * 1.005);
  });
});

describe('K-Means', () => {
  test('groups that are far apart are those of scikit-learn', async () => {
    const { rows, clusters, labels } = readClusterings().find(({ name }) => name.includes('twelve'))!;
    const fitted = await fitKMeans(matrixFromRows(rows), { clusters }, seededRandom(3));
    expect(adjustedRandIndex(fitted.labels, Int32Array.from(labels))).toBeGreaterThan(0.98);
  });

  test('inertia is the sum of squared distances to the centroids, and labels name the nearest', async () => {
    const data = gaussianGroups(90);
    const { model, labels, inertia } = await fitKMeans(data, { clusters: 5 }, seededRandom(1));
    let sum = 0;
    for (let row = 0; row < data.n; row++) {
      const squares = Array.from({ length: model.clusters }, (_, cluster) => {
        let square = 0;
        for (let column = 0; column < data.d; column++) {
          square += (data.values[row * data.d + column]! - model.centroids[cluster * data.d + column]!) ** 2;
        }
        return square;
      });
      expect(squares[labels[row]!]).toBe(Math.min(...squares));
      sum += Math.min(...squares);
    }
    expect(inertia).toBeCloseTo(sum, 6);
  });

  test('every centroid is the mean of its rows when the iterations have settled', async () => {
    const data = gaussianGroups(200);
    const { model, labels } = await fitKMeans(data, { clusters: 4, tolerance: 0 }, seededRandom(1));
    for (let cluster = 0; cluster < model.clusters; cluster++) {
      const rows = Array.from(labels.keys()).filter((row) => labels[row] === cluster);
      for (let column = 0; column < data.d; column++) {
        const mean = rows.reduce((sum, row) => sum + data.values[row * data.d + column]!, 0) / rows.length;
        expect(model.centroids[cluster * data.d + column]).toBeCloseTo(mean, 4);
      }
    }
  });

  test('clusters are numbered from the largest down', async () => {
    const rows = [...Array.from({ length: 9 }, (_, i) => [50 + (i % 3)]), [0], [1], [200], [201], [202]];
    const { labels } = await fitKMeans(matrixFromRows(rows), { clusters: 3 }, seededRandom(1));
    expect(Array.from(labels)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1, 1, 1]);
  });

  test('more clusters asked for than rows that differ: as many as differ', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => [row % 3, 1]);
    const fitted = await fitKMeans(matrixFromRows(rows), { clusters: 8 }, seededRandom(1));
    expect(fitted.clusters).toBe(3);
    expect(fitted.inertia).toBe(0);
    expect(new Set(fitted.labels)).toEqual(new Set([0, 1, 2]));
  });

  test('a cluster that runs empty takes the row farthest from its own centroid', () => {
    const steps = new LloydSteps(matrixFromRows([[0], [1], [2], [3], [40]]), 3);
    steps.begin();
    // Less the mean of 9.2: near the first rows, beyond all rows, beyond all rows.
    steps.centroids.set([-8, 500, 600]);
    steps.assign();
    expect(Array.from(steps.labels)).toEqual([0, 0, 0, 0, 0]);
    steps.update();
    steps.assign();
    const [first, , , fourth, last] = steps.labels;
    expect(new Set([first, fourth, last]).size).toBe(3);
    expect(Array.from(steps.centroids, (value) => Math.round(value + 9.2)).sort((a, b) => a - b)).toEqual([
      1, 3, 40,
    ]);
  });

  test('confidence is 1 on a centroid, 0 halfway between two, low far from all', async () => {
    const rows = matrixFromRows([[-1], [1], [9], [11]]);
    const { model } = await fitKMeans(rows, { clusters: 2 }, seededRandom(1));
    const { labels, confidences } = model.predict(matrixFromRows([[0], [5], [10], [4], [1e6]]));
    expect([confidences[0], confidences[1], confidences[2]]).toEqual([1, 0, 1]);
    expect(confidences[3]).toBeCloseTo(1 / 3, 6);
    expect(confidences[4]).toBeLessThan(1e-4);
    expect(labels[0]).not.toBe(labels[2]);
  });

  test('one cluster: sure as far as its rows reach, less beyond', async () => {
    const { model } = await fitKMeans(matrixFromRows([[0], [2]]), { clusters: 1 }, seededRandom(1));
    expect(Array.from(model.predict(matrixFromRows([[1], [2], [5]])).confidences)).toEqual([1, 1, 0.25]);
  });

  test.each([
    { clusters: 0 },
    { clusters: 1.5 },
    { clusters: 2, starts: 0 },
    { clusters: 2, iterations: 0 },
    { clusters: 2, tolerance: -1 },
  ])('%p is refused', async (options) => {
    await expect(fitKMeans(gaussianGroups(10), options, seededRandom(1))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: Object.keys(options).at(-1) },
    });
  });

  test('values far from the origin keep their digits', async () => {
    const near = gaussianGroups(120, 2);
    const far = matrix(
      Float32Array.from(near.values, (value) => value + 4096),
      near.n,
      near.d,
    );
    const a = await fitKMeans(near, { clusters: 3 }, seededRandom(2));
    const b = await fitKMeans(far, { clusters: 3 }, seededRandom(2));
    expect(b.labels).toEqual(a.labels);
    expect(Math.abs(b.inertia / a.inertia - 1)).toBeLessThan(1e-3);
  });
});
