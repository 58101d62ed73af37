import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  fitTruncatedSvd,
  sparseFromRows,
  symmetricEigen,
  type SparseMatrix,
} from '../../../src/learn/decompose';

interface Fixture {
  rows: number;
  columns: number;
  indptr: number[];
  indices: number[];
  values: number[];
  singularValues: number[];
  rightVectors: number[][];
}

const fixture = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/text/svd.json'), 'utf8'),
) as Fixture;
const sparse: SparseMatrix = {
  rows: fixture.rows,
  columns: fixture.columns,
  indptr: Int32Array.from(fixture.indptr),
  indices: Int32Array.from(fixture.indices),
  values: Float32Array.from(fixture.values),
};

describe('truncated SVD', () => {
  test('finds the singular values and vectors that scipy finds', async () => {
    const { singularValues, loadings } = await fitTruncatedSvd(
      sparse,
      { components: 20, powerIterations: 12 },
      seededRandom(5),
    );
    fixture.singularValues.forEach((value, index) => {
      expect(Math.abs(singularValues[index]! - value) / value).toBeLessThan(1e-3);
    });
    fixture.rightVectors.forEach((vector, component) => {
      const dot = vector.reduce(
        (sum, value, row) => sum + value * loadings.values[row * loadings.d + component]!,
        0,
      );
      expect(Math.abs(dot)).toBeGreaterThan(1 - 1e-4);
    });
  });

  test('gives the same bytes for the same seed, and leaves its input alone', async () => {
    const before = sparse.values.slice();
    const [first, second] = await Promise.all(
      [1, 1].map((seed) => fitTruncatedSvd(sparse, { components: 8 }, seededRandom(seed))),
    );
    expect(first!.loadings.values).toEqual(second!.loadings.values);
    expect(sparse.values).toEqual(before);
  });

  test('keeps no more directions than the matrix has', async () => {
    const row = new Map([
      [0, 1],
      [2, 2],
    ]);
    const { singularValues, loadings } = await fitTruncatedSvd(
      sparseFromRows([row, row, row, row], 3),
      { components: 3 },
      seededRandom(1),
    );
    expect(singularValues).toHaveLength(1);
    expect(singularValues[0]).toBeCloseTo(Math.sqrt(20), 5);
    expect(Array.from(loadings.values)).toEqual([
      expect.closeTo(1 / Math.sqrt(5), 5),
      0,
      expect.closeTo(2 / Math.sqrt(5), 5),
    ]);
  });

  test('refuses an empty matrix, nothing but zeros and no components', async () => {
    const random = seededRandom(1);
    await expect(fitTruncatedSvd(sparseFromRows([], 3), { components: 2 }, random)).rejects.toMatchObject({
      code: 'DATA_EMPTY',
    });
    await expect(
      fitTruncatedSvd(sparseFromRows([new Map(), new Map()], 3), { components: 2 }, random),
    ).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    await expect(fitTruncatedSvd(sparse, { components: 0 }, random)).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'components' },
    });
  });

  test('stops when asked to', async () => {
    await expect(
      fitTruncatedSvd(sparse, { components: 5 }, seededRandom(1), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('symmetric eigenvalues', () => {
  test('rebuild the matrix', () => {
    const n = 40;
    const random = seededRandom(9);
    const symmetric = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) symmetric[i * n + j] = symmetric[j * n + i] = random.normal();
    }
    const { values, vectors } = symmetricEigen(symmetric, n);
    for (let i = 1; i < n; i++) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
        expect(sum).toBeCloseTo(symmetric[i * n + j]!, 10);
      }
    }
  });
});
