import { describe, expect, test } from '@jest/globals';
import { fillWeeks, trendOf, weekOf, type Week } from '../../../src/incidents/queries/weeks';

const weekAt = (index: number): string =>
  `${new Date(Date.UTC(2026, 6, 6 + 7 * index)).toISOString().slice(0, 19)}.000000Z`;
const series = (...incidents: number[]): Week[] =>
  incidents.map((count, index) => ({ week: weekAt(index), incidents: count }));

describe('weeks', () => {
  test.each([
    ['2026-07-06T00:00:00.000000Z', '2026-07-06T00:00:00.000000Z'],
    ['2026-07-12T23:59:59.999999Z', '2026-07-06T00:00:00.000000Z'],
    ['1970-01-01T00:00:00.000000Z', '1969-12-29T00:00:00.000000Z'],
    ['1969-12-28T12:00:00.000000Z', '1969-12-22T00:00:00.000000Z'],
  ])('%s is in the week of Monday %s', (moment, monday) => {
    expect(weekOf(moment)).toBe(monday);
  });

  test('weeks without tickets are there, with none', () => {
    const filled = fillWeeks([{ week: weekAt(2), incidents: 5 }], weekAt(0), weekAt(3));
    expect(filled).toEqual([
      { week: weekAt(0), incidents: 0 },
      { week: weekAt(1), incidents: 0 },
      { week: weekAt(2), incidents: 5 },
      { week: weekAt(3), incidents: 0 },
    ]);
  });

  test('the trend compares four full weeks with the four before; the running week does not count', () => {
    const weeks = series(10, 10, 10, 10, 15, 15, 15, 15, 999);
    expect(trendOf(weeks, weekAt(0), weekAt(8))).toBeCloseTo(0.5);
  });

  test('without eight full weeks, or with nothing to compare with, there is no trend', () => {
    expect(trendOf(series(1, 1, 1, 1, 1, 1, 1, 1), weekAt(0), weekAt(7))).toBeNull();
    expect(trendOf(series(0, 0, 0, 0, 5, 5, 5, 5, 5), weekAt(0), weekAt(8))).toBeNull();
  });
});
