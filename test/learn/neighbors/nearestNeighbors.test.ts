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

/** Groups of uneven spread on a curved sheet: easier for no method than a plain cloud. */
function sheets(n: number, d: number, seed: number): Matrix {
  const random = seededRandom(seed);
  const axes = Array.from({ length: 20 * d }, () => random.normal());
  const values = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const group = random.integer(6);
    const latent = [random.normal(), random.normal(), random.normal() ** 2];
    for (let k = 0; k < d; k++) {
      let value = axes[group * d + k]! + 0.05 * random.normal();
      latent.forEach((x, i) => (value += 0.4 * x * axes[(6 + i) * d + k]!));
      values[row * d + k] = value;
    }
  }
  return { values, n, d };
}

function recall(found: Int32Array, exact: Int32Array, k: number): number {
  let hits = 0;
  for (let start = 0; start < exact.length; start += k) {
    const own = new Set(exact.subarray(start, start + k));
    for (const index of found.subarray(start, start + k)) if (own.has(index)) hits++;
  }
  return hits / exact.length;
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

describe('approximate nearest neighbours', () => {
  const pool = createThreadPool(2);
  afterAll(() => pool.close());

  test.each(metrics)('%s: at least 95 of 100 neighbours are the true ones', async (metric) => {
    const data = sheets(4000, 40, 7);
    const exact = await nearestNeighbors(data, { neighbors: 15, metric }, seededRandom(1));
    const found = await nearestNeighbors(data, { neighbors: 15, metric, exactUpTo: 0 }, seededRandom(1));
    expect(recall(found.indices, exact.indices, 15)).toBeGreaterThan(0.95);
  });

  test('the same seed gives the same bytes, with and without threads', async () => {
    const data = sheets(1500, 12, 8);
    const options = { neighbors: 10, metric: 'euclidean' as const, exactUpTo: 0 };
    const inline = await nearestNeighbors(data, options, seededRandom(3));
    expect(await nearestNeighbors(data, options, seededRandom(3), { threads: pool })).toEqual(inline);
  });

  test('rows whose lists the search cannot fill are answered by looking at all', async () => {
    const data = sheets(300, 6, 9);
    const exact = await nearestNeighbors(data, { neighbors: 250, metric: 'euclidean' }, seededRandom(1));
    const found = await nearestNeighbors(
      data,
      { neighbors: 250, metric: 'euclidean', exactUpTo: 0 },
      seededRandom(1),
    );
    expect(recall(found.indices, exact.indices, 250)).toBeGreaterThan(0.95);
  });

  test("a thousand identical rows end, and are each other's neighbours", async () => {
    const data = { values: new Float32Array(1000 * 4).fill(2), n: 1000, d: 4 };
    const graph = await nearestNeighbors(
      data,
      { neighbors: 10, metric: 'euclidean', exactUpTo: 0 },
      seededRandom(1),
    );
    expect(graph.distances.every((distance) => distance === 0)).toBe(true);
    for (const row of rowsOf(graph.indices, 10)) expect(new Set(row).size).toBe(10);
  });
});
