import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  alertClusterModelFromBytes,
  clusterAlgorithms,
  fitAlertClusters,
  type AlertClusterFit,
} from '../../../src/alerts/cluster';
import { matrix, matrixFromRows, type Matrix } from '../../../src/learn/matrix';
import { adjustedRandIndex } from '../../../src/learn/score';
import { clusterCandidates } from '../../../src/alerts/cluster/candidates';
import { ballsOf } from './shapes';

const options = { seed: 11, minimumSamples: 10, bootstrap: { resamples: 200 } };

async function fit(rows: Matrix, changed: Partial<typeof options> = {}): Promise<AlertClusterFit> {
  const outcome = await fitAlertClusters(rows, { ...options, ...changed });
  if (outcome.status !== 'fitted') throw new Error(outcome.reason);
  return outcome;
}

describe('kinds of alerts', () => {
  test('round groups are found by K-Means, in their true number', async () => {
    const { rows, group } = ballsOf([200, 150, 100, 60], 6, 12);
    const found = await fit(rows);
    expect(found.algorithm).toBe('k-means');
    expect(found.clusters).toBe(4);
    expect(adjustedRandIndex(found.model.predict(rows).cluster, group)).toBe(1);
    expect(found.silhouetteInterval.lower).toBeLessThan(found.silhouetteInterval.estimate);
    expect(found.silhouetteInterval.upper).toBeGreaterThan(found.silhouetteInterval.estimate);
    expect(found.silhouette).toBeGreaterThan(0.7);
  });

  test('every way to cluster is tried and reported', async () => {
    const { candidates } = await fit(ballsOf([80, 80, 80], 4, 9).rows);
    expect(new Set(candidates.map(({ algorithm }) => algorithm))).toEqual(new Set(clusterAlgorithms));
  });

  test('labelling nine rows in ten as noise does not win', async () => {
    // Three tight knots in a wide cloud: each knot's silhouette is near 1, but they hold a tenth of the rows.
    const random = seededRandom(3);
    const rows: number[][] = [];
    for (let row = 0; row < 900; row++) rows.push([random.normal() * 10, random.normal() * 10]);
    for (let row = 0; row < 100; row++) rows.push([40 * (row % 3), 40 + 0.01 * random.normal()]);
    const found = await fit(matrixFromRows(rows));
    expect(found.noiseShare).toBeLessThan(0.5);
    const noisy = found.candidates.filter(({ noiseShare }) => (noiseShare ?? 0) > 0.8);
    for (const { score, silhouette, noiseShare } of noisy) {
      expect(score).toBeCloseTo(silhouette! * (1 - noiseShare!), 10);
    }
  });

  test('the simpler way wins where the better one is not clearly better', async () => {
    const { rows } = ballsOf([100, 100, 100], 3, 14);
    const { candidates, algorithm } = await fit(rows);
    const best = Math.max(...candidates.map(({ score }) => score ?? -1));
    const equal = candidates.filter(({ score }) => (score ?? -1) > best - 0.005);
    expect(new Set(equal.map((candidate) => candidate.algorithm)).size).toBeGreaterThan(1);
    expect(algorithm).toBe('k-means');
  });

  test.each(clusterAlgorithms)(
    '%s places new rows with a confidence in [0, 1], and travels as bytes',
    async (name) => {
      const { rows } = ballsOf([90, 90], 3, 10);
      const model = await modelOf(name, rows);
      const wide = matrix(
        rows.values.map((value) => value * 1.5),
        rows.n,
        rows.d,
      );
      for (const asked of [rows, wide]) {
        const { cluster, confidence } = model.predict(asked);
        expect(cluster.every((label) => label >= -1 && label < model.clusters)).toBe(true);
        expect(
          confidence.every((value, row) => value >= 0 && value <= 1 && (cluster[row]! >= 0 || value === 0)),
        ).toBe(true);
        const again = alertClusterModelFromBytes(name, model.toBytes());
        expect(again.predict(asked)).toEqual({ cluster, confidence });
        expect(Buffer.from(again.toBytes()).equals(Buffer.from(model.toBytes()))).toBe(true);
      }
      expect(() =>
        alertClusterModelFromBytes(name === 'dbscan' ? 'hdbscan' : 'dbscan', model.toBytes()),
      ).toThrow(expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }));
    },
  );

  test('the same seed gives the same bytes', async () => {
    const { rows } = ballsOf([50, 60, 70], 5, 6);
    const [a, b] = [await fit(rows), await fit(rows)];
    expect(Buffer.from(b.model.toBytes()).equals(Buffer.from(a.model.toBytes()))).toBe(true);
    expect(b.candidates).toEqual(a.candidates);
  });
});

describe('where there is nothing to learn', () => {
  test.each([0, 1, 2, 9])('%d alerts are too few: a skip with its code', async (n) => {
    const rows = matrix(new Float32Array(n * 4), n, 4);
    await expect(fitAlertClusters(rows, options)).resolves.toMatchObject({
      status: 'skipped',
      code: 'DATA_TOO_FEW_ROWS',
      rows: n,
    });
  });

  test.each([2, 3, 4, 5])('%d alerts do no harm where so few are allowed', async (n) => {
    const { rows } = ballsOf([1, n - 1], 2, 20);
    const outcome = await fitAlertClusters(rows, { ...options, minimumSamples: 2 });
    expect(['fitted', 'skipped']).toContain(outcome.status);
  });

  test('ten alerts are enough', async () => {
    const { rows } = ballsOf([5, 5], 2, 20);
    expect((await fit(rows)).clusters).toBe(2);
  });

  test.each([10, 3_000])('%d equal alerts are one kind: a skip with its code', async (n) => {
    const rows = matrix(new Float32Array(n * 3).fill(2), n, 3);
    await expect(fitAlertClusters(rows, options)).resolves.toMatchObject({
      status: 'skipped',
      code: 'CLUSTERS_NOT_FOUND',
    });
  });

  test('rows without columns are a skip, rows with holes an error that names the place', async () => {
    await expect(fitAlertClusters(matrix(new Float32Array(0), 20, 0), options)).resolves.toMatchObject({
      code: 'CLUSTERS_NOT_FOUND',
    });
    const { rows } = ballsOf([20, 20], 3, 5);
    rows.values[3 * 7 + 2] = NaN;
    await expect(fitAlertClusters(rows, options)).rejects.toMatchObject({
      code: 'DATA_NOT_FINITE',
      culprit: { row: 7, column: 2 },
    });
  });
});

async function modelOf(name: string, rows: Matrix): Promise<AlertClusterFit['model']> {
  for await (const { model } of clusterCandidates(rows, seededRandom(1), {})) {
    if (model.algorithm === name && model.clusters === 2) return model;
  }
  throw new Error(`no two clusters by ${name}`);
}
