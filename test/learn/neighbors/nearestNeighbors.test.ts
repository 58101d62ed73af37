import { afterAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrixFromRows, type Matrix } from '../../../src/learn/matrix';
import {
  distanceOf,
  metrics,
  nearestNeighbors,
  searchNeighbors,
  type Metric,
} from '../../../src/learn/neighbors';
import { createThreadPool } from '../../../src/learn/threads';

function cloud(n: number, d: number, seed: number, offset = 0): Matrix {
  const random = seededRandom(seed);
  return matrixFromRows(
    Array.from({ length: n }, () => Array.from({ length: d }, () => offset + random.normal())),
  );
}

function bruteForce(reference: Matrix, queries: Matrix, metric: Metric, k: number): number[][] {
  return Array.from({ length: queries.n }, (_, row) =>
    Array.from({ length: reference.n }, (_unused, index) => ({
      index,
      distance: distanceOf(
        metric,
        queries.values,
        row * queries.d,
        reference.values,
        index * reference.d,
        reference.d,
      ),
    }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k)
      .map(({ index }) => index),
  );
}

const rowsOf = (values: Int32Array, k: number): number[][] =>
  Array.from({ length: values.length / k }, (_, row) => [...values.subarray(row * k, (row + 1) * k)]);

describe('exact nearest neighbours', () => {
  const pool = createThreadPool(2);
  afterAll(() => pool.close());

  test.each(metrics)('%s: the same rows as a full sort, each row first among its own', async (metric) => {
    const data = cloud(701, 19, 1);
    const graph = await nearestNeighbors(data, { neighbors: 12, metric }, seededRandom(1));
    expect(rowsOf(graph.indices, 12)).toEqual(bruteForce(data, data, metric, 12));
    expect(graph.distances.filter((_, at) => at % 12 === 0).every((distance) => distance === 0)).toBe(true);
  });

  test.each(metrics)('%s: queries find the same rows as a full sort', async (metric) => {
    const reference = cloud(530, 7, 2, 100);
    const queries = cloud(37, 7, 3, 100);
    const graph = await searchNeighbors(reference, queries, { neighbors: 5, metric });
    expect(rowsOf(graph.indices, 5)).toEqual(bruteForce(reference, queries, metric, 5));
  });

  test('worker threads give the same bytes as the calling thread', async () => {
    const data = cloud(900, 33, 4);
    const options = { neighbors: 15, metric: 'cosine' as const };
    const inline = await nearestNeighbors(data, options, seededRandom(1));
    const threaded = await nearestNeighbors(data, options, seededRandom(1), { threads: pool });
    expect(threaded).toEqual(inline);
  });
});
