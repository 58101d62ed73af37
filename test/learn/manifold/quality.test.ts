import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { UMAP } from 'umap-js';
import { seededRandom } from '../../../src/contracts';
import { fitUmap, type UmapOptions } from '../../../src/learn/manifold';
import type { Matrix } from '../../../src/learn/matrix';
import { searchNeighbors, type Metric } from '../../../src/learn/neighbors';
import { trustworthiness } from '../../../src/learn/score';
import { createThreadPool } from '../../../src/learn/threads';

/** Handwritten digits, and what umap-learn reached on them with three seeds. */
const folder = join(process.cwd(), 'test/fixtures/umap');
const digits: Matrix = { values: Float32Array.from(readFileSync(join(folder, 'digits.u8'))), n: 1797, d: 64 };
const labels = readFileSync(join(folder, 'digits_labels.u8'));
const reached = JSON.parse(readFileSync(join(folder, 'digits.json'), 'utf8')) as {
  metric: Metric;
  trustworthiness: number[];
  accuracyOfNewPoints: number[];
}[];

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function rowsWhere(data: Matrix, keep: (row: number) => boolean): { data: Matrix; labels: number[] } {
  const rows = Array.from({ length: data.n }, (_, row) => row).filter((row) => keep(row));
  const values = Float32Array.from(
    rows.flatMap((row) => [...data.values.subarray(row * data.d, (row + 1) * data.d)]),
  );
  return { data: { values, n: rows.length, d: data.d }, labels: rows.map((row) => labels[row]!) };
}

describe('UMAP of handwritten digits', () => {
  const threads = createThreadPool(2);
  afterAll(() => threads.close());
  const optionsOf = (metric: Metric): UmapOptions => ({
    components: 2,
    neighbors: 15,
    minimumDistance: 0.1,
    metric,
  });

  test.each(reached.map((item) => [item.metric, item] as const))(
    '%s: trustworthiness within 0.005 of umap-learn',
    async (metric, item) => {
      const { embedding } = await fitUmap(digits, optionsOf(metric), seededRandom(1), { threads });
      const ours = await trustworthiness(digits, embedding, { neighbors: 15, metric }, { threads });
      expect(ours).toBeGreaterThan(mean(item.trustworthiness) - 0.005);
    },
  );

  test.each(reached.map((item) => [item.metric, item] as const))(
    '%s: new digits land among their own kind as with umap-learn',
    async (metric, item) => {
      const known = rowsWhere(digits, (row) => row % 5 !== 0);
      const unseen = rowsWhere(digits, (row) => row % 5 === 0);
      const fitted = await fitUmap(known.data, optionsOf(metric), seededRandom(1), { threads });
      const placed = await fitted.transform(unseen.data, { threads });
      const { indices } = await searchNeighbors(fitted.embedding, placed, {
        neighbors: 5,
        metric: 'euclidean',
      });
      const right = unseen.labels.filter((label, row) => {
        const votes = new Int32Array(10);
        for (const index of indices.subarray(row * 5, row * 5 + 5)) votes[known.labels[index]!]!++;
        return votes.indexOf(Math.max(...votes)) === label;
      });
      expect(right.length / unseen.data.n).toBeGreaterThan(mean(item.accuracyOfNewPoints) - 0.015);
    },
  );

  test('the start from principal components is as trustworthy', async () => {
    const fitted = await fitUmap(digits, { ...optionsOf('euclidean'), start: 'pca' }, seededRandom(1), {
      threads,
    });
    expect(fitted.start).toBe('pca');
    const options = { neighbors: 15, metric: 'euclidean' as const };
    expect(await trustworthiness(digits, fitted.embedding, options)).toBeGreaterThan(
      mean(reached[0]!.trustworthiness) - 0.008,
    );
  });

  test('umap-js, asked for the same, is about as trustworthy', async () => {
    const some = rowsWhere(digits, (row) => row % 6 === 0).data;
    const random = seededRandom(1);
    const peer = new UMAP({
      nComponents: 2,
      nNeighbors: 15,
      minDist: 0.1,
      nEpochs: 200,
      random: () => random.next(),
    });
    const rows = Array.from({ length: some.n }, (_, row) => [
      ...some.values.subarray(row * some.d, (row + 1) * some.d),
    ]);
    const theirs = { values: Float32Array.from(peer.fit(rows).flat()), n: some.n, d: 2 };
    const ours = await fitUmap(some, { ...optionsOf('euclidean'), epochs: 200 }, seededRandom(1));
    const options = { neighbors: 15, metric: 'euclidean' as const };
    const difference =
      (await trustworthiness(some, ours.embedding, options)) - (await trustworthiness(some, theirs, options));
    // On 300 rows the seed alone moves either by nearly as much.
    expect(Math.abs(difference)).toBeLessThan(0.015);
  });
});
