import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { averagePrecision } from '../../../src/learn/score';
import { crossValidate, groupedTimeFolds, stratifiedRandomFolds } from '../../../src/learn/select';

const minutes = 300;
const groups = ['b', 'a', 'c'].flatMap((name) => Array.from({ length: minutes }, () => name));
const times = Array.from({ length: 3 * minutes }, (_, row) => row % minutes);
const gap = 16;

describe('folds by group and time', () => {
  const { folds, method, comparisonOnly } = groupedTimeFolds(groups, times, 5, { gap });

  test('every row is tested once, and never beside itself in training', () => {
    const tested = folds.flatMap(({ test: rows }) => [...rows]).sort((a, b) => a - b);
    expect(tested).toEqual(Array.from({ length: groups.length }, (_, row) => row));
    expect({ method, comparisonOnly }).toEqual({ method: 'grouped-time', comparisonOnly: false });
  });

  test('no training row lies within the gap of a test row of its group', () => {
    for (const { train, test: rows } of folds) {
      for (const row of train) {
        const nearest = Math.min(
          ...[...rows]
            .filter((other) => groups[other] === groups[row])
            .map((other) => Math.abs(times[other]! - times[row]!)),
        );
        expect(nearest).toBeGreaterThanOrEqual(gap);
      }
    }
  });

  test('only rows near a test row are left out', () => {
    const everything = groupedTimeFolds(groups, times, 5).folds;
    folds.forEach(({ train, test: rows }, fold) => {
      const kept = new Set(train);
      for (const row of everything[fold]!.train) {
        const near = [...rows].some(
          (other) => groups[other] === groups[row] && Math.abs(times[other]! - times[row]!) < gap,
        );
        expect(kept.has(row)).toBe(!near);
      }
    });
  });

  test('each fold tests every group, in one stretch of time each', () => {
    for (const { test: rows } of folds) {
      for (const group of ['a', 'b', 'c']) {
        const own = [...rows].filter((row) => groups[row] === group).map((row) => times[row]!);
        expect(own).toHaveLength(minutes / 5);
        expect(own.at(-1)! - own[0]!).toBe(minutes / 5 - 1);
      }
    }
  });

  test('the order of rows plays no part', () => {
    const order = Array.from({ length: groups.length }, (_, row) => (row * 7) % groups.length);
    const shuffled = groupedTimeFolds(
      order.map((row) => groups[row]!),
      order.map((row) => times[row]!),
      5,
      { gap },
    );
    const name = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);
    expect(shuffled.folds.map(({ test: rows }) => name(Array.from(rows, (place) => order[place]!)))).toEqual(
      folds.map(({ test: rows }) => name(rows)),
    );
  });

  test.each([
    ['folds', 1, 0],
    ['folds', 2.5, 0],
    ['gap', 3, -1],
    ['gap', 3, Number.NaN],
  ])('%s of %p (gap %p) is refused', (option, count, badGap) => {
    expect(() => groupedTimeFolds(groups, times, count, { gap: badGap })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option } }),
    );
  });

  test('a time that is none, and lengths that differ, are refused', () => {
    expect(() => groupedTimeFolds(['a', 'a', 'a'], [1, Number.NaN, 2], 2)).toThrow(
      expect.objectContaining({ code: 'DATA_NOT_FINITE', culprit: { row: 1 } }),
    );
    expect(() => groupedTimeFolds(['a', 'a'], [1, 2, 3], 2)).toThrow(
      expect.objectContaining({ code: 'DATA_RAGGED' }),
    );
    expect(() => groupedTimeFolds(['a'], [1], 2)).toThrow(
      expect.objectContaining({ code: 'DATA_TOO_FEW_ROWS' }),
    );
  });
});

describe('stratified random folds', () => {
  test('keep the share of positives and say that they serve to compare alone', () => {
    const labels = Array.from({ length: 200 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const splits = stratifiedRandomFolds(labels, 5, seededRandom(3));
    expect(splits.comparisonOnly).toBe(true);
    expect(splits.method).toBe('stratified-random');
    for (const { train, test: rows } of splits.folds) {
      expect(rows).toHaveLength(40);
      expect([...rows].filter((row) => labels[row] === 1)).toHaveLength(4);
      expect(new Set([...train, ...rows]).size).toBe(200);
    }
  });
});

describe('cross-validation', () => {
  test('judges each row by a model that has not seen it, and leaves folds without a class unjudged', async () => {
    const labels = [0, 0, 1, 1, 0, 0];
    const splits = groupedTimeFolds([0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5], 3);
    const seen: number[][] = [];
    const result = await crossValidate(
      splits,
      labels,
      (train, rows) => {
        seen.push([...train]);
        return [...rows].map((row) => 10 + row);
      },
      (scores, truth) => averagePrecision(scores, truth),
    );
    expect(seen).toEqual([
      [2, 3, 4, 5],
      [0, 1, 4, 5],
      [0, 1, 2, 3],
    ]);
    expect(result.scores).toEqual([null, 1, null]);
    expect(result.mean).toBe(1);
    expect([...result.outOfFold]).toEqual([10, 11, 12, 13, 14, 15]);
  });

  test('an answer with a row too few is refused', async () => {
    const splits = groupedTimeFolds([0, 0, 0, 0], [0, 1, 2, 3], 2);
    await expect(crossValidate(splits, [0, 1, 0, 1], () => [1], averagePrecision)).rejects.toEqual(
      expect.objectContaining({ code: 'DATA_RAGGED' }),
    );
  });
});
