import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitDbscan, neighborDistances } from '../../../src/learn/cluster';
import { matrix, matrixFromRows, rowOf } from '../../../src/learn/matrix';
import { gaussianGroups } from '../estimatorContract';
import { readClusterings } from './clusterings';

const random = seededRandom(1);

describe('DBSCAN has the labels of scikit-learn', () => {
  test.each(readClusterings())('$name', async ({ rows, epsilon, minimumNeighbors, dbscan, cores }) => {
    const fitted = await fitDbscan(matrixFromRows(rows), { epsilon, minimumNeighbors }, random);
    expect(Array.from(fitted.labels)).toEqual(dbscan);
    expect(fitted.cores.n).toBe(cores.length);
    expect(fitted.clusters).toBe(Math.max(-1, ...dbscan) + 1);
  });
});

describe('DBSCAN', () => {
  test('a new row belongs to the nearest core within the radius, and surely so on it', async () => {
    const line = matrixFromRows([[0], [1], [2], [3], [50], [51], [52], [53], [90]]);
    const fitted = await fitDbscan(line, { epsilon: 1.5, minimumNeighbors: 3 }, random);
    expect(Array.from(fitted.labels)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, -1]);
    const { labels, confidences } = fitted.predict(matrixFromRows([[1], [50.5], [53.4], [53.6], [90], [-1]]));
    expect(Array.from(labels)).toEqual([0, 1, 1, -1, -1, -1]);
    expect(confidences[0]).toBe(1);
    expect(confidences[1]).toBeCloseTo(1 - 0.5 / 3, 6);
    expect(confidences[2]).toBeCloseTo(1 - 1.4 / 3, 5);
    expect(Array.from(confidences.subarray(3))).toEqual([0, 0, 0]);
  });

  test('without any core everything is noise, now and later', async () => {
    const fitted = await fitDbscan(
      matrixFromRows([[0], [9], [20]]),
      { epsilon: 1, minimumNeighbors: 2 },
      random,
    );
    expect(Array.from(fitted.labels)).toEqual([-1, -1, -1]);
    expect(fitted.clusters).toBe(0);
    expect(Array.from(fitted.predict(matrixFromRows([[0]])).labels)).toEqual([-1]);
  });

  test('twenty thousand equal rows are one cluster', async () => {
    const equal = matrix(new Float32Array(20_000 * 3).fill(7), 20_000, 3);
    const fitted = await fitDbscan(equal, { epsilon: 0.5, minimumNeighbors: 10 }, random);
    expect(fitted.clusters).toBe(1);
    expect(fitted.labels.every((label) => label === 0)).toBe(true);
  });

  test.each([
    { epsilon: 0, minimumNeighbors: 2 },
    { epsilon: Infinity, minimumNeighbors: 2 },
    { epsilon: NaN, minimumNeighbors: 2 },
    { minimumNeighbors: 0, epsilon: 1 },
    { minimumNeighbors: 2.5, epsilon: 1 },
  ])('%p is refused', async (options) => {
    await expect(fitDbscan(gaussianGroups(10), options, random)).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: Object.keys(options)[0] },
    });
  });
});

describe('distances to the k-th neighbour', () => {
  test('equal those of comparing all pairs', () => {
    const data = gaussianGroups(130);
    const found = neighborDistances(data, 4);
    for (let row = 0; row < data.n; row++) {
      const all = Array.from({ length: data.n }, (_, other) =>
        Math.hypot(...rowOf(data, row).map((value, column) => value - rowOf(data, other)[column]!)),
      ).sort((a, b) => a - b);
      expect(found[row]).toBeCloseTo(all[4]!, 4);
    }
  });

  test('with fewer rows the farthest counts', () => {
    expect(Array.from(neighborDistances(matrixFromRows([[0], [1], [5]]), 9))).toEqual([5, 4, 5]);
  });
});
