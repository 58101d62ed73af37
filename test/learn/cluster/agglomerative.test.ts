import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fitAgglomerative, type AgglomerativeOptions } from '../../../src/learn/cluster';
import { matrix, matrixFromRows } from '../../../src/learn/matrix';
import { adjustedRandIndex } from '../../../src/learn/score';

interface Reference {
  readonly n: number;
  readonly d: number;
  readonly points: readonly number[];
  readonly cases: readonly {
    readonly linkage: AgglomerativeOptions['linkage'];
    readonly metric: 'euclidean' | 'cosine';
    readonly heights: readonly number[];
    readonly sizes: readonly number[];
    readonly cuts: Readonly<Record<string, readonly number[]>>;
    readonly distance: number;
    readonly below: readonly number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(join(process.cwd(), 'test', 'fixtures', 'hdbscan', 'agglomerative.json'), 'utf8'),
) as Reference;
const data = matrix(Float32Array.from(reference.points), reference.n, reference.d);

describe('agglomerative grouping', () => {
  test.each(reference.cases)('$linkage on $metric joins at the heights of scipy', async (expected) => {
    const model = await fitAgglomerative(data, expected);
    model.distance.forEach((height, index) => expect(height).toBeCloseTo(expected.heights[index]!, 5));
    expect(model.size.toSorted()).toEqual(Int32Array.from(expected.sizes).sort());
  });

  test.each(reference.cases)('$linkage on $metric cuts as scipy does', async (expected) => {
    const model = await fitAgglomerative(data, expected);
    for (const [clusters, labels] of Object.entries(expected.cuts)) {
      const cut = model.cut({ clusters: Number(clusters) });
      expect(adjustedRandIndex(cut, Int32Array.from(labels))).toBe(1);
      expect(new Set(cut).size).toBe(Number(clusters));
    }
    const below = model.cut({ distance: expected.distance });
    expect(adjustedRandIndex(below, Int32Array.from(expected.below))).toBe(1);
  });

  test('identical rows join at height zero, whatever else there is', async () => {
    const rows = matrixFromRows([
      [0, 0],
      [5, 5],
      [0, 0],
      [5, 5],
      [0, 0],
    ]);
    const model = await fitAgglomerative(rows, { linkage: 'ward' });
    expect(Array.from(model.distance.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(Array.from(model.cut({ clusters: 2 }))).toEqual([0, 1, 0, 1, 0]);
    expect(Array.from(model.cut({ distance: 0 }))).toEqual([0, 1, 0, 1, 0]);
  });

  test('a row of zeros is as far from everything as cosine goes, not undefined', async () => {
    const rows = matrixFromRows([
      [0, 0],
      [1, 0],
      [2, 0.1],
    ]);
    const model = await fitAgglomerative(rows, { linkage: 'average', metric: 'cosine' });
    expect(Array.from(model.cut({ clusters: 2 }))).toEqual([0, 1, 1]);
    expect(model.distance[1]).toBe(1);
  });

  test('what cannot be done is refused by name', async () => {
    const refused = (code: string, option?: string): unknown =>
      expect.objectContaining({ code, ...(option && { culprit: { option } }) });
    await expect(fitAgglomerative(data, { linkage: 'ward', metric: 'cosine' })).rejects.toEqual(
      refused('PARAMETER_INVALID', 'metric'),
    );
    await expect(fitAgglomerative(matrix(new Float32Array(2), 1, 2), { linkage: 'ward' })).rejects.toEqual(
      refused('DATA_TOO_FEW_ROWS'),
    );
    await expect(fitAgglomerative(matrixFromRows([[1], [NaN]]), { linkage: 'complete' })).rejects.toEqual(
      expect.objectContaining({ code: 'DATA_NOT_FINITE', culprit: { row: 1, column: 0 } }),
    );
    const model = await fitAgglomerative(data, { linkage: 'complete' });
    expect(() => model.cut({ clusters: 0 })).toThrow(refused('PARAMETER_INVALID', 'clusters'));
    expect(() => model.cut({ clusters: data.n + 1 })).toThrow(refused('PARAMETER_INVALID', 'clusters'));
    expect(() => model.cut({ distance: NaN })).toThrow(refused('PARAMETER_INVALID', 'distance'));
  });

  test('a stop request ends the work', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(
      fitAgglomerative(data, { linkage: 'average' }, { signal: controller.signal, onProgress }),
    ).rejects.toEqual(expect.objectContaining({ code: 'ABORTED' }));
  });
});
