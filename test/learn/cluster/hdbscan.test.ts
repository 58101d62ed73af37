import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { HDBSCAN as PeerHdbscan } from 'hdbscan-ts';
import { seededRandom } from '../../../src/contracts';
import { fitHdbscan, type HdbscanOptions } from '../../../src/learn/cluster';
import { matrix, matrixFromRows, rowOf, type Matrix } from '../../../src/learn/matrix';
import { adjustedRandIndex } from '../../../src/learn/score';
import { gaussianGroups } from '../estimatorContract';
import { naiveReachability } from './naiveReachability';
import { referenceSet } from './reference';

const random = seededRandom(1);

describe('the spanning tree', () => {
  const shapes = [
    { n: 3, d: 1 },
    { n: 33, d: 1 },
    { n: 64, d: 2 },
    { n: 200, d: 3 },
    { n: 257, d: 7 },
    { n: 300, d: 17 },
    { n: 150, d: 40 },
  ];

  test.each(shapes)('of $n × $d weighs what an exhaustive search finds', async ({ n, d }) => {
    for (const minSamples of [1, 4, 12]) {
      const values = new Float32Array(n * d).map(() => random.normal() * 10 ** random.integer(4));
      const data = matrix(values, n, d);
      const model = await fitHdbscan(data, { minClusterSize: 2, minSamples }, random);
      const naive = naiveReachability(data, minSamples);
      expect(model.minimumSpanningTree.totalWeight / naive.totalWeight).toBeCloseTo(1, 12);
      for (let edge = 0; edge < n - 1; edge++) {
        const { from, to, weights } = model.minimumSpanningTree;
        expect(weights[edge]).toBe(naive.reach(from[edge]!, to[edge]!));
      }
    }
  });

  test('of repeated rows is exact too', async () => {
    const values = new Float32Array(400 * 2).map(() => random.integer(5));
    const data = matrix(values, 400, 2);
    const model = await fitHdbscan(data, { minClusterSize: 5, minSamples: 3 }, random);
    expect(model.minimumSpanningTree.totalWeight).toBeCloseTo(naiveReachability(data, 3).totalWeight, 9);
  });

  test('keeps small distances apart far from the origin', async () => {
    const rows = [0, 0.125, 0.375, 64, 64.125, 64.375].map((step) => [1e6 + step, -1e6]);
    const data = matrixFromRows(rows);
    const model = await fitHdbscan(data, { minClusterSize: 2, minSamples: 1 }, random);
    expect(Array.from(model.labels)).toEqual([0, 0, 0, 1, 1, 1].map((label) => label ^ model.labels[0]!));
    expect(model.minimumSpanningTree.totalWeight).toBe(0.125 + 0.25 + 63.625 + 0.125 + 0.25);
  });
});

function shuffled(data: Matrix): { data: Matrix; rows: Int32Array } {
  const rows = Int32Array.from({ length: data.n }, (_, row) => row);
  const keys = Float64Array.from(rows, () => random.next());
  rows.sort((a, b) => keys[a]! - keys[b]!);
  return { data: matrixFromRows(Array.from(rows, (row) => rowOf(data, row))), rows };
}

describe('equal edges', () => {
  const names = ['anisotropic', 'blobs', 'moons_noise', 'nested', 'uniform', 'varied_density'];

  test.each(names)('ordered by distance leave %s the same in any order of rows', async (name) => {
    const { data } = referenceSet(name);
    const options: HdbscanOptions = { minClusterSize: 5, ties: 'distance' };
    const straight = await fitHdbscan(data, options, random);
    const other = shuffled(data);
    const mixed = await fitHdbscan(other.data, options, random);
    const expected = Int32Array.from(other.rows, (row) => straight.labels[row]!);
    expect(adjustedRandIndex(mixed.labels, expected)).toBe(1);
    other.rows.forEach((row, index) => {
      expect(mixed.probabilities[index]).toBe(straight.probabilities[row]);
      expect(mixed.outlierScores[index]).toBe(straight.outlierScores[row]);
    });
  });
});

describe('large data', () => {
  const folder = join(process.cwd(), '..', 'shared', 'reference', 'hdbscan');
  const read = (name: string): ArrayBuffer => {
    const file = join(folder, name);
    if (!existsSync(file))
      throw new Error(`${file} is missing: this test needs the shared reference answers`);
    return Uint8Array.from(gunzipSync(readFileSync(file))).buffer;
  };

  test.each([5, 10])('20,000 rows in %d dimensions are grouped as by the Python package', async (d) => {
    const n = 20_000;
    const data = matrix(new Float32Array(read(`gaussians_50k_${d}d.f32.gz`), 0, n * d), n, d);
    const model = await fitHdbscan(data, { minClusterSize: 50, minSamples: 10 }, random);
    const expected = new Int32Array(read(`gaussians_${n}_${d}d_labels.i32.gz`));
    expect(adjustedRandIndex(model.labels, expected)).toBeGreaterThanOrEqual(0.999);
  });
});

describe('options', () => {
  const data = gaussianGroups(60);
  test.each([
    ['minClusterSize', { minClusterSize: 1 }],
    ['minClusterSize', { minClusterSize: 2.5 }],
    ['minSamples', { minClusterSize: 5, minSamples: 0 }],
    ['clusterSelectionEpsilon', { minClusterSize: 5, clusterSelectionEpsilon: -1 }],
    ['clusterSelectionEpsilon', { minClusterSize: 5, clusterSelectionEpsilon: NaN }],
    ['clusterSelectionMethod', { minClusterSize: 5, clusterSelectionMethod: 'root' as 'leaf' }],
    ['ties', { minClusterSize: 5, ties: 'none' as 'row' }],
  ])('a wrong %s is refused by name', async (option, options) => {
    await expect(fitHdbscan(data, options, random)).rejects.toEqual(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option } }),
    );
  });
});

describe('a fitted clustering', () => {
  test('names the likeliest cluster of a row that it calls noise', async () => {
    const data = gaussianGroups(150);
    const model = await fitHdbscan(data, { minClusterSize: 10 }, random);
    expect(model.clusterCount).toBe(3);
    const outside = matrixFromRows([
      [-60, 0, 0, 0],
      [100, 0, 0, 0],
    ]);
    expect(Array.from(model.predict(outside).labels)).toEqual([-1, -1]);
    const nearest = model.nearestClusters(outside).clusters;
    expect(Array.from(nearest)).toEqual([model.labels[0], model.labels[2]]);
  });

  test('without clusters answers noise, and has no membership to give', async () => {
    const values = new Float32Array(40 * 2).map(() => random.next());
    const data = matrix(values, 40, 2);
    const model = await fitHdbscan(data, { minClusterSize: 30 }, random);
    expect(model.clusterCount).toBe(0);
    expect(new Set(model.predict(data).labels)).toEqual(new Set([-1]));
    expect(new Set(model.nearestClusters(data).clusters)).toEqual(new Set([-1]));
    expect(model.allPointsMembership()).toEqual({ values: new Float64Array(0), n: 40, clusters: 0 });
  });
});

describe('a second opinion', () => {
  test('hdbscan-ts loses most of four far groups to noise, which are found whole here', async () => {
    const { data } = referenceSet('far_gaussians');
    const rows = Array.from({ length: data.n }, (_, row) => Array.from(rowOf(data, row)));
    const truth = Int32Array.from(rows, ([x, y]) => Number(x! > 50) + 2 * Number(y! > 50));
    const every = rows.filter((_, row) => row % 4 === 0);
    const peer = new PeerHdbscan({ minClusterSize: 10, minSamples: 5 });
    const peerNoise = peer.fit(every).filter((label) => label < 0).length;
    expect(peerNoise / every.length).toBeGreaterThan(0.5);
    const model = await fitHdbscan(data, { minClusterSize: 10, minSamples: 5 }, random);
    expect(adjustedRandIndex(model.labels, truth)).toBeGreaterThan(0.9);
  });
});
