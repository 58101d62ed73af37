import { describe, expect, test } from '@jest/globals';
import { seededRandom, type MetricDeclaration } from '../../../src/contracts';
import {
  learnUsualRanges,
  scoreOf,
  validateSeries,
  type CheckName,
  type MetricGrid,
  type SeriesReport,
} from '../../../src/anomalies/validate';

const nan = Number.NaN;

function grid(
  columns: Readonly<Record<string, readonly number[]>>,
  declared: Partial<MetricDeclaration>[] = [],
): MetricGrid {
  const lists = Object.values(columns);
  return {
    metrics: Object.keys(columns).map((name, index) => ({ name, kind: 'gauge', ...declared[index] })),
    rows: lists[0]?.length ?? 0,
    value: (row, metric) => lists[metric]![row]!,
  };
}
function check({ checks }: SeriesReport, name: CheckName) {
  return checks.find((one) => one.name === name);
}
const rising = [1, 2, 3, 4];

describe('the quality of a series', () => {
  test('without a fault is 1, and every row is accepted', () => {
    const report = validateSeries(
      grid({ a: rising, b: [4, 1, 3, 2] }, [{ critical: true, minimum: 0, maximum: 9 }]),
    );
    expect(report).toMatchObject({ rows: 4, accepted: 4, score: 1, stretches: [] });
  });

  test('names metrics without a value, and sets aside rows that lack a critical one', () => {
    const report = validateSeries(
      grid({ a: [1, nan, nan, 4, 5, nan], b: [1, 2, nan, 4, 5, 6], c: [nan, 2, 3, 4, 5, 7] }, [
        { critical: true },
        { critical: true },
      ]),
    );
    expect(check(report, 'present')).toEqual({
      name: 'present',
      checked: 18,
      failed: 5,
      columns: ['a', 'b', 'c'],
    });
    expect(check(report, 'critical_present')).toEqual({
      name: 'critical_present',
      checked: 12,
      failed: 4,
      columns: ['a', 'b'],
    });
    expect(report.accepted).toBe(3);
    expect([...report.bad]).toEqual([0, 1, 1, 0, 0, 1]);
    expect(report.stretches).toEqual([
      { firstRow: 1, lastRow: 2, metrics: ['a', 'b'] },
      { firstRow: 5, lastRow: 5, metrics: ['a'] },
    ]);
  });

  test('counts values outside a declared range, of gauges alone', () => {
    const report = validateSeries(
      grid({ a: [-1, 0, 1, 2], b: [-1, 0, 1, 2], c: rising }, [
        { minimum: 0, maximum: 1 },
        { minimum: 0, kind: 'counter' },
      ]),
    );
    expect(check(report, 'range')).toEqual({ name: 'range', checked: 4, failed: 2, columns: ['a'] });
  });

  test('lowers its score for values that history does not know, but keeps their rows', () => {
    const random = seededRandom(1);
    const history = grid({ a: Array.from({ length: 200 }, () => 50 + random.normal()) });
    const report = validateSeries(grid({ a: [50, 51, 49, 500] }), learnUsualRanges(history));
    expect(check(report, 'usual_range')).toEqual({
      name: 'usual_range',
      checked: 4,
      failed: 1,
      columns: ['a'],
    });
    expect(report.accepted).toBe(4);
  });

  test('finds columns that are empty, constant, or copies', () => {
    const report = validateSeries(
      grid({
        a: rising,
        empty: [nan, nan, nan, nan],
        flat: [2, 2, nan, 2],
        copy: rising,
        near: [1, 2, 3, 4.5],
      }),
    );
    expect(check(report, 'informative')).toMatchObject({ checked: 5, failed: 2, columns: ['empty', 'flat'] });
    expect(check(report, 'distinct')).toMatchObject({ checked: 5, failed: 1, columns: ['copy'] });
  });

  test('takes a copy for one only when what is missing agrees too', () => {
    const report = validateSeries(grid({ a: [1, nan, 3], same: [1, nan, 3], other: [1, 2, 3] }));
    expect(check(report, 'distinct')!.columns).toEqual(['same']);
  });

  test('of no rows is 0: nothing is known to be good', () => {
    expect(validateSeries(grid({ a: [] }))).toMatchObject({ rows: 0, accepted: 0, score: 0 });
  });

  test('falls as the documentation says', () => {
    expect(
      scoreOf([
        { name: 'critical_present', checked: 10, failed: 5, columns: [] },
        { name: 'present', checked: 4, failed: 1, columns: [] },
        { name: 'informative', checked: 2, failed: 2, columns: [] },
        { name: 'range', checked: 0, failed: 0, columns: [] },
      ]),
    ).toBeCloseTo((3 * 0.5 + 2 * 0.75 + 1 * 0) / 6, 12);
  });
});

describe('usual ranges', () => {
  test('stay where they are when a tenth of the history is faulty', () => {
    const random = seededRandom(2);
    const clean = Array.from({ length: 500 }, () => random.normal());
    const faulty = clean.map((value, index) => (index % 10 === 0 ? 1e6 : value));
    const [{ least, most }, withFaults] = [clean, faulty].map((a) => learnUsualRanges(grid({ a })).a!) as [
      { least: number; most: number },
      { least: number; most: number },
    ];
    expect(withFaults.most - withFaults.least).toBeLessThan(1.5 * (most - least));
    expect(withFaults.most).toBeLessThan(30);
  });

  test('are not learned from a few values, and of a flat history are its values', () => {
    expect(learnUsualRanges(grid({ a: Array.from({ length: 29 }, () => 1) }))).toEqual({});
    expect(learnUsualRanges(grid({ a: Array.from({ length: 30 }, () => 1) }))).toEqual({
      a: { least: 1, most: 1 },
    });
  });
});
