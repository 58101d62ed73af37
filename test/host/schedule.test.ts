import { describe, expect, test } from '@jest/globals';
import { parseSchedule } from '../../src/host/timers/schedule';

function times(text: string, from: string, count: number, timeZone = 'UTC'): string[] {
  const schedule = parseSchedule(text, timeZone, 'test');
  const found: string[] = [];
  let at = Date.parse(from);
  for (let index = 0; index < count; index += 1) {
    at = schedule.next(at);
    found.push(new Date(at).toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('schedules', () => {
  test.each([
    ['0 0 * * * *', '2026-07-01T10:00:00Z', ['2026-07-01T11:00:00Z', '2026-07-01T12:00:00Z']],
    ['0 0 */2 * * *', '2026-07-01T23:00:00Z', ['2026-07-02T00:00:00Z', '2026-07-02T02:00:00Z']],
    ['*/20 * * * * *', '2026-07-01T10:00:59Z', ['2026-07-01T10:01:00Z', '2026-07-01T10:01:20Z']],
    ['30 5/25 1 * * *', '2026-07-01T01:10:00Z', ['2026-07-01T01:30:30Z', '2026-07-01T01:55:30Z']],
    ['0 0 9-17/4 * * Mon-Fri', '2026-07-03T12:00:00Z', ['2026-07-03T13:00:00Z', '2026-07-03T17:00:00Z']],
    ['0 0 0 1 January,jul *', '2026-07-01T00:00:00Z', ['2027-01-01T00:00:00Z', '2027-07-01T00:00:00Z']],
    ['00:07:30', '2026-07-01T10:00:00Z', ['2026-07-01T10:07:30Z', '2026-07-01T10:15:00Z']],
    ['1.00:00:00', '2026-07-01T10:00:00Z', ['2026-07-02T10:00:00Z', '2026-07-03T10:00:00Z']],
  ])('%s after %s', (text, from, expected) => {
    expect(times(text, from, expected.length)).toEqual(expected);
  });

  test('day of month and day of week must both hold', () => {
    expect(times('0 0 0 13 * Fri', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-02-13T00:00:00Z',
      '2026-03-13T00:00:00Z',
    ]);
  });

  test('a time zone with summer time neither skips nor repeats a daily run; one in the gap comes at its end', () => {
    expect(times('0 30 2 * * *', '2026-03-28T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ]);
    expect(times('0 30 2 * * *', '2026-10-24T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  test.each([
    ['0 0 * * *', '5 fields'],
    ['0 0 0 L * *', '"L" in its day'],
    ['0 0 0 15W * *', '"15W"'],
    ['0 0 0 * * 5#2', '"5#2"'],
    ['0 0 0 ? * *', '"?"'],
    ['0 0 0 * * 7', '"7" in its day of week, which goes from 0 to 6'],
    ['60 * * * * *', '"60" in its second'],
    ['0 */0 * * * *', '"/0"'],
    ['0 5-1 * * * *', 'backwards'],
    ['@daily', '1 fields'],
    ['0 0 0 31 Feb *', 'never comes'],
    ['00:00:00', 'no length'],
    ['0 0 0 * Foo *', '"Foo" in its month'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parseSchedule(text, 'UTC', 'function "x"')).toThrow(
      expect.objectContaining({ code: 'FUNCTIONS_APP_INVALID', message: expect.stringContaining(why) }),
    );
  });

  test('a time zone that does not exist is refused', () => {
    expect(() => parseSchedule('0 0 * * * *', 'Mars/Olympus', 'x')).toThrow('Mars/Olympus');
  });
});
