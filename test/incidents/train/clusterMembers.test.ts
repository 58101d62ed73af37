import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  clusterCentroids,
  clusterSizes,
  representativeRows,
  stratifiedSample,
  takeRows,
} from '../../../src/incidents/train/clusterMembers';
import { matrixFromRows } from '../../../src/learn/matrix';

describe('what the members say of a cluster', () => {
  test('centroids are unit means of the directions; noise and empty texts do not count', () => {
    const embeddings = matrixFromRows([
      [3, 0],
      [0, 1],
      [0, 0],
      [5, 5],
      [0, 2],
    ]);
    const labels = Int32Array.from([0, 0, 0, -1, 1]);
    const [first, second] = clusterCentroids(embeddings, labels, 2);
    expect(first![0]).toBeCloseTo(Math.SQRT1_2);
    expect(first![1]).toBeCloseTo(Math.SQRT1_2);
    expect([...second!]).toEqual([0, 1]);
    expect(clusterSizes(labels, 2)).toEqual([3, 1]);
  });

  test('representatives are strong, central and of different titles', () => {
    const embeddings = matrixFromRows([
      [1, 0],
      [1, 0],
      [0.6, 0.8],
      [1, 0],
      [0, 1],
    ]);
    const labels = Int32Array.from([0, 0, 0, 0, -1]);
    const [rows] = representativeRows(
      {
        embeddings,
        labels,
        strengths: [0.9, 1, 1, 0.8, 1],
        titles: ['a', 'A ', 'b', 'c', 'noise'],
      },
      [Float32Array.from([1, 0])],
      3,
    );
    expect(rows).toEqual([1, 3, 2]);
  });

  test('a sample keeps every cluster in sight and stands for all rows', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, row) => (row < 5 ? 0 : row < 900 ? 1 : -1));
    const { rows, weights } = stratifiedSample(labels, { size: 100, minimumPerCluster: 4 }, seededRandom(1));
    const weightOf = (cluster: number) =>
      rows.reduce((sum, row, index) => (labels[row] === cluster ? sum + weights[index]! : sum), 0);
    expect(rows.filter((row) => labels[row] === 0)).toHaveLength(4);
    expect(weightOf(0)).toBeCloseTo(5);
    expect(weightOf(1)).toBeCloseTo(895);
    expect(weightOf(-1)).toBeCloseTo(100);
    expect(new Set(rows).size).toBe(rows.length);
    expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
    expect(stratifiedSample(labels, { size: 5000, minimumPerCluster: 1 }, seededRandom(1)).rows).toHaveLength(
      1000,
    );
  });

  test('taken rows keep their order', () => {
    const data = matrixFromRows([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect([...takeRows(data, [2, 0]).values]).toEqual([5, 6, 1, 2]);
  });
});
