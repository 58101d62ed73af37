import { describe, expect, test } from '@jest/globals';
import { quarantinedPoints, validateBatch, type RawPoint } from '../../../src/anomalies/validate';

const nowMs = Date.parse('2026-07-01T12:00:00Z');
const metrics = [{ name: 'share', kind: 'gauge', minimum: 0, maximum: 1 } as const];
const point = (value: unknown, at = '2026-07-01T11:00:00Z', metric = 'share', instance = 'i'): RawPoint => ({
  instance,
  metric,
  at,
  value,
});
const codes = (raw: readonly RawPoint[]): [number, string][] =>
  validateBatch(raw, { metrics, nowMs }).rejected.map(({ index, code }) => [index, code]);

describe('a batch of points', () => {
  test('without a fault is taken whole, its times in one form', () => {
    const report = validateBatch([point(0.5, '2026-07-01 13:00:00+02:00'), point(1)], { metrics, nowMs });
    expect(report).toMatchObject({
      rows: 2,
      accepted: 1,
      rejected: [{ code: 'POINT_CONTRADICTED', index: 0 }],
    });
    expect(report.points).toEqual([
      { instance: 'i', metric: 'share', at: '2026-07-01T11:00:00.000000Z', value: 1 },
    ]);
  });

  test.each([
    ['text', '0.5', 'VALUE_NOT_A_NUMBER'],
    ['nothing', null, 'VALUE_NOT_A_NUMBER'],
    ['no value at all', undefined, 'VALUE_NOT_A_NUMBER'],
    ['NaN', Number.NaN, 'VALUE_NOT_FINITE'],
    ['infinity', -Infinity, 'VALUE_NOT_FINITE'],
    ['a number that is too large', 1e31, 'VALUE_TOO_LARGE'],
    ['a value below its range', -0.01, 'VALUE_OUT_OF_RANGE'],
    ['a value above its range', 1.01, 'VALUE_OUT_OF_RANGE'],
  ])('loses %s, by its reason', (_, value, code) => {
    expect(codes([point(0.5), point(value, '2026-07-01T11:01:00Z')])).toEqual([[1, code]]);
  });

  test.each([
    ['no time', 'yesterday', 'TIME_INVALID'],
    ['a time that has not come', '2026-07-01T12:05:01Z', 'TIME_IN_FUTURE'],
  ])('loses a point with %s', (_, at, code) => {
    expect(codes([point(0.5, at)])).toEqual([[0, code]]);
  });

  test('bears a clock that is a little ahead', () => {
    expect(codes([point(0.5, '2026-07-01T12:04:59Z')])).toEqual([]);
  });

  test('keeps the last of points with the same time; only one that says otherwise is set aside', () => {
    const report = validateBatch([point(0.1), point(0.1), point(0.2)], { metrics, nowMs });
    expect(report.points.map(({ value }) => value)).toEqual([0.2]);
    expect(report.rejected).toEqual([{ index: 1, code: 'POINT_CONTRADICTED', detail: expect.any(String) }]);
    expect(report.checks.find(({ name }) => name === 'duplicates')).toMatchObject({ failed: 2, checked: 3 });
  });

  test('counts points that go back in time, per series, and takes them', () => {
    const report = validateBatch(
      [
        point(0.1, '2026-07-01T11:02:00Z'),
        point(0.2, '2026-07-01T11:01:00Z'),
        point(0.3, '2026-07-01T11:03:00Z'),
        point(0.4, '2026-07-01T11:01:00Z', 'share', 'j'),
      ],
      { metrics, nowMs },
    );
    expect(report.accepted).toBe(4);
    expect(report.checks.find(({ name }) => name === 'time_order')).toMatchObject({
      failed: 1,
      columns: ['share'],
    });
    expect(report.score).toBeLessThan(1);
  });

  test('of nothing is no good', () => {
    expect(validateBatch([], { metrics, nowMs })).toMatchObject({ rows: 0, accepted: 0, score: 0 });
  });

  test('goes to the quarantine with what was sent, infinities included', () => {
    const raw = [point(Infinity), point('x', '2026-07-01T11:01:00Z')];
    const { rejected } = validateBatch(raw, { metrics, nowMs });
    const rows = quarantinedPoints(raw, rejected, '2026-07-01T12:00:00.000000Z');
    expect(rows.map(({ key, reasonCode }) => [key, reasonCode])).toEqual([
      ['i share 2026-07-01T11:00:00Z', 'VALUE_NOT_FINITE'],
      ['i share 2026-07-01T11:01:00Z', 'VALUE_NOT_A_NUMBER'],
    ]);
    expect(JSON.parse(rows[0]!.rowJson)).toMatchObject({ value: 'Infinity' });
    expect(rows.every(({ source }) => source === 'features')).toBe(true);
  });
});
