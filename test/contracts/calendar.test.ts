import { describe, expect, test } from '@jest/globals';
import { Calendar, type CalendarFunction } from '../../src/contracts';

const at = (time: string): number => Date.parse(time) / 60_000;
const valuesOf = (zone: string, time: string, ...features: CalendarFunction[]): number[] => {
  const calendar = new Calendar(zone, { from: 9, to: 17 });
  return features.map((feature) => calendar.valueOf(feature, at(time)));
};

describe('calendar features', () => {
  test('are those of the local time, in summer and in winter', () => {
    expect(valuesOf('Europe/Berlin', '2026-07-01T07:30:00Z', 'hour_of_day', 'is_business_hours')).toEqual([
      9, 1,
    ]);
    expect(valuesOf('Europe/Berlin', '2026-01-07T07:30:00Z', 'hour_of_day', 'is_business_hours')).toEqual([
      8, 0,
    ]);
  });

  test('follow the clock through the night it changes', () => {
    const calendar = new Calendar('Europe/Berlin', { from: 9, to: 17 });
    const hours = ['00:59', '01:00', '01:59', '02:00'].map((time) =>
      calendar.valueOf('hour_of_day', at(`2026-10-25T${time}:00Z`)),
    );
    expect(hours).toEqual([2, 2, 2, 3]);
  });

  test('know zones with a quarter of an hour, and days that begin elsewhere first', () => {
    expect(
      valuesOf('Asia/Kathmandu', '2026-07-03T18:20:00Z', 'hour_of_day', 'day_of_week', 'is_weekend'),
    ).toEqual([0, 5, 1]);
  });

  test('count days from Monday, before 1970 too', () => {
    expect(valuesOf('UTC', '2026-06-29T12:00:00Z', 'day_of_week', 'is_weekend')).toEqual([0, 0]);
    expect(valuesOf('UTC', '2026-07-05T12:00:00Z', 'day_of_week', 'is_weekend')).toEqual([6, 1]);
    expect(valuesOf('UTC', '1969-12-29T00:00:00Z', 'day_of_week')).toEqual([0]);
  });

  test('close their circles', () => {
    const [sin, cos] = valuesOf('UTC', '2026-07-01T06:00:00Z', 'hour_of_day_sin', 'hour_of_day_cos');
    expect(sin).toBeCloseTo(1, 12);
    expect(cos).toBeCloseTo(0, 12);
    const [weekSin, weekCos] = valuesOf('UTC', '2026-06-29T00:00:00Z', 'day_of_week_sin', 'day_of_week_cos');
    expect([weekSin, weekCos]).toEqual([0, 1]);
  });
});
