import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix } from '../../../../src/learn/matrix';
import { rocAuc } from '../../../../src/learn/score';
import { fitSymmetricBoosting, symmetricBoostingFromBytes } from '../../../../src/learn/trees/symmetric';
import {
  categorize,
  categorySources,
  orderedStatistic,
} from '../../../../src/learn/trees/symmetric/categories';
import { encode } from '../../../../src/learn/trees/symmetric/encoding';

const n = 400;
const random = seededRandom(1);
const codes = Float32Array.from({ length: n }, () => (random.next() < 0.05 ? NaN : random.integer(9) - 2));
const labels = Uint8Array.from(codes, (code) => Number(random.next() < (code % 2 === 0 ? 0.8 : 0.1)));
const data = matrix(codes, n, 1);
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

describe('ordered target statistics', () => {
  test.each([0, 0.5, 1])('are those of the rows before, added up anew for each (prior %p)', (prior) => {
    const order = Uint32Array.from({ length: n }, (_, row) => (row * 77) % n).sort(
      (a, b) => ((a * 31) % 97) - ((b * 31) % 97) || a - b,
    );
    const found = orderedStatistic(categorize(data, labels, [0]), labels, order, prior);
    order.forEach((row, position) => {
      const before = Array.from(order.subarray(0, position)).filter((other) =>
        same(codes[other]!, codes[row]!),
      );
      const positives = before.filter((other) => labels[other] === 1).length;
      expect(found[row]).toBeCloseTo((positives + prior) / (before.length + 1), 6);
    });
  });

  test('pairs of columns are categories of their own when wanted', () => {
    expect(categorySources([1, 3, 4], 1)).toEqual([[1], [3], [4]]);
    expect(categorySources([1, 3, 4], 2)).toEqual([[1], [3], [4], [1, 3], [1, 4], [3, 4]]);
  });

  test('new rows are described by all training rows, a category never seen by the priors alone', async () => {
    const fitted = await fitSymmetricBoosting(
      data,
      labels,
      { rounds: 1, categoricalColumns: [0] },
      seededRandom(1),
    );
    const queries = matrix(Float32Array.of(4, NaN, 99), 3, 1);
    const { values } = encode(fitted.encoding, queries);
    [4, NaN, 99].forEach((code, query) => {
      const rows = Array.from({ length: n }, (_, row) => row).filter((row) => same(codes[row]!, code));
      const positives = rows.filter((row) => labels[row] === 1).length;
      const expected = [0, 0.5, 1].map((prior) => (positives + prior) / (rows.length + 1));
      [...expected, rows.length / n].forEach((value, column) => {
        expect(values[query * 4 + column]).toBeCloseTo(value, 6);
      });
    });
  });
});

describe('categorical columns', () => {
  test('codes in no order are learned from, where as numbers they would need many splits', async () => {
    const fit = (categoricalColumns: number[]) =>
      fitSymmetricBoosting(data, labels, { rounds: 10, depth: 1, categoricalColumns }, seededRandom(2));
    const auc = async (columns: number[]): Promise<number> =>
      rocAuc((await fit(columns)).predictMargins(data), labels);
    expect(await auc([0])).toBeGreaterThan((await auc([])) + 0.1);
  });

  test('a category that every row has to itself says nothing of its label', async () => {
    const own = matrix(
      Float32Array.from({ length: n }, (_, row) => row),
      n,
      1,
    );
    const fitted = await fitSymmetricBoosting(
      own,
      labels,
      { rounds: 20, categoricalColumns: [0] },
      seededRandom(3),
    );
    const fresh = matrix(
      Float32Array.from({ length: n }, (_, row) => n + row),
      n,
      1,
    );
    // The statistic of a row without others before it is the prior, so no split tells training rows apart.
    expect(new Set(fitted.predictMargins(fresh)).size).toBe(1);
    expect(fitted.importance('weight')[0]).toBe(0);
  });

  test('an interaction of two categories is seen only by their pair', async () => {
    const draws = seededRandom(4);
    const values = Float32Array.from({ length: 2 * 600 }, () => draws.integer(5));
    const outcome = Uint8Array.from(
      { length: 600 },
      (_, row) => (values[2 * row]! + values[2 * row + 1]!) % 2,
    );
    const pairs = matrix(values, 600, 2);
    const auc = async (categoryCombinations: number): Promise<number> => {
      const fitted = await fitSymmetricBoosting(
        pairs,
        outcome,
        { rounds: 10, depth: 1, categoricalColumns: [0, 1], categoryCombinations },
        seededRandom(5),
      );
      return rocAuc(fitted.predictMargins(pairs), outcome);
    };
    expect(await auc(2)).toBeGreaterThan(0.95);
    expect(await auc(1)).toBeLessThan(0.8);
  });

  test('survive the way through bytes, and are explained by their own column', async () => {
    const draws = seededRandom(6);
    const values = Float32Array.from({ length: 3 * n }, (_, index) =>
      index % 3 === 1 ? codes[(index - 1) / 3]! : draws.normal(),
    );
    const mixed = matrix(values, n, 3);
    const fitted = await fitSymmetricBoosting(
      mixed,
      labels,
      { rounds: 15, categoricalColumns: [1] },
      seededRandom(7),
    );
    const again = symmetricBoostingFromBytes(fitted.toBytes());
    const margins = fitted.predictMargins(mixed);
    expect(again.predictMargins(mixed)).toEqual(margins);
    const contributions = await fitted.contributions(mixed);
    expect(contributions.d).toBe(4);
    for (let row = 0; row < n; row++) {
      const own = contributions.values.subarray(row * 4, row * 4 + 4);
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(margins[row]!, 4);
    }
    const gains = fitted.importance('totalGain');
    expect(gains[1]).toBeGreaterThan(gains[0]! + gains[2]!);
  });

  test('a value that is no whole number is refused, in training and in queries', async () => {
    const refusal = expect.objectContaining({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'categoricalColumns', row: 1, column: 0 },
    });
    const broken = matrix(Float32Array.of(1, 1.5, 2), 3, 1);
    const options = { rounds: 2, categoricalColumns: [0] };
    await expect(fitSymmetricBoosting(broken, [0, 1, 1], options, seededRandom(1))).rejects.toEqual(refusal);
    const fitted = await fitSymmetricBoosting(data, labels, options, seededRandom(1));
    expect(() => fitted.predictMargins(broken)).toThrow(refusal);
  });
});
