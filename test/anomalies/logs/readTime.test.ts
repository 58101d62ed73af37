import { describe, expect, test } from '@jest/globals';
import { readTime, type TimeReading } from '../../../src/anomalies/logs/time/readTime';
import { localOffsetOf } from '../../../src/anomalies/logs/time/zone';

const arrivedAt = Date.UTC(2026, 6, 2, 12, 0, 0);

function read(text: string, zone = 'UTC', arrived = arrivedAt): { at: string; rest: string } | undefined {
  const reading: TimeReading = { micros: 0, end: 0 };
  const context = { arrivedAtMicros: arrived * 1000, localOffset: localOffsetOf(zone) };
  if (!readTime(text, 0, context, reading)) return undefined;
  const whole = new Date(Math.floor(reading.micros / 1000)).toISOString().slice(0, 23);
  return { at: `${whole}${String(reading.micros % 1000).padStart(3, '0')}`, rest: text.slice(reading.end) };
}

const moment = '2026-07-01T08:30:05.000000';

describe('readTime', () => {
  test.each([
    ['2026-07-01T08:30:05Z', moment],
    ['2026-07-01 08:30:05', moment],
    ['2026-07-01T10:30:05+02:00', moment],
    ['2026-07-01T10:30:05 +0200', moment],
    ['2026-07-01T05:00:05-0330', moment],
    ['2026-07-01 10:30:05 CEST', moment],
    ['2026-07-01T08:30:05.123456789Z', '2026-07-01T08:30:05.123456'],
    ['2026-07-01 08:30:05,123', '2026-07-01T08:30:05.123000'],
    ['2026/07/01 08:30:05.5', '2026-07-01T08:30:05.500000'],
    ['20260701T083005Z', moment],
    ['260701 083005', moment],
    ['26/07/01 08:30:05', moment],
    ['01/Jul/2026:10:30:05 +0200', moment],
    ['01-Jul-2026 08:30:05.250', '2026-07-01T08:30:05.250000'],
    ['1 Jul 2026 08:30:05', moment],
    ['07/01/2026 08:30:05 AM', moment],
    ['07/01/2026 08:30:05 PM', '2026-07-01T20:30:05.000000'],
    ['13/02/2026 08:30:05', '2026-02-13T08:30:05.000000'],
    ['01.07.2026 08:30:05', moment],
    ['Jul  1 08:30:05', moment],
    ['Jul 1 2026 08:30:05', moment],
    ['Jul 1, 2026 8:30:05 AM', moment],
    ['Wed, 01 Jul 2026 08:30:05 GMT', moment],
    ['Wed Jul  1 08:30:05 2026', moment],
    ['Wed Jul 01 08:30:05.123456 2026', '2026-07-01T08:30:05.123456'],
    ['Wed Jul  1 10:30:05 CEST 2026', moment],
    ['1782894605', moment],
    ['1782894605.25', '2026-07-01T08:30:05.250000'],
    ['1782894605000', moment],
    ['1782894605000001', '2026-07-01T08:30:05.000001'],
    ['1782894605000001999', '2026-07-01T08:30:05.000001'],
    ['2024-02-29 00:00:00', '2024-02-29T00:00:00.000000'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000000'],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toEqual({ at: expected, rest: '' });
  });

  test.each([
    '2026-02-30 00:00:00',
    '2025-02-29 00:00:00',
    '2026-13-01 00:00:00',
    '2026-07-01 24:00:00',
    '2026-07-01',
    '12345',
    '1782894605a',
    '12 apples',
    'Jul',
    'Wednesday',
    'July 1 is a day',
    '4 of 5',
    '',
  ])('takes %j for no time', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('leaves what follows the time', () => {
    expect(read('2026-07-01T08:30:05Z INFO started')?.rest).toBe(' INFO started');
    expect(read('2026-07-01 08:30:05 INFO started')).toEqual({ at: moment, rest: ' INFO started' });
    expect(read('2026-07-01 08:30:05 ESTABLISHED')).toEqual({ at: moment, rest: ' ESTABLISHED' });
  });

  test('gives a time without a year the year before its arrival', () => {
    const newYear = Date.UTC(2027, 0, 1, 0, 5);
    expect(read('Dec 31 23:59:59', 'UTC', newYear)?.at).toBe('2026-12-31T23:59:59.000000');
    expect(read('Jan  1 00:00:01', 'UTC', newYear)?.at).toBe('2027-01-01T00:00:01.000000');
    expect(read('Feb 29 12:00:00', 'UTC', newYear)?.at).toBe('2024-02-29T12:00:00.000000');
  });

  test('puts a clock time alone on the day before its arrival', () => {
    expect(read('11:59:59', 'UTC')?.at).toBe('2026-07-02T11:59:59.000000');
    expect(read('13:00:00', 'UTC')?.at).toBe('2026-07-01T13:00:00.000000');
  });

  test("reads times without a zone in the sender's zone, through its clock changes", () => {
    expect(read('2026-07-01 10:30:05', 'Europe/Berlin')?.at).toBe(moment);
    expect(read('2026-01-01 10:30:05', 'Europe/Berlin')?.at).toBe('2026-01-01T09:30:05.000000');
    expect(read('2026-03-29 01:59:59', 'Europe/Berlin')?.at).toBe('2026-03-29T00:59:59.000000');
    expect(read('2026-03-29 03:00:00', 'Europe/Berlin')?.at).toBe('2026-03-29T01:00:00.000000');
    // Clocks go back at 03:00: the hour comes twice, the first is meant.
    expect(read('2026-10-25 02:30:00', 'Europe/Berlin')?.at).toBe('2026-10-25T00:30:00.000000');
    expect(read('2026-10-25 03:00:00', 'Europe/Berlin')?.at).toBe('2026-10-25T02:00:00.000000');
    expect(read('2026-07-01T08:30:05Z', 'Europe/Berlin')?.at).toBe(moment);
    expect(read('2026-07-01 14:15:05', 'Asia/Kathmandu')?.at).toBe(moment);
  });

  test('refuses a zone that nobody knows', () => {
    expect(() => localOffsetOf('Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID' }),
    );
  });
});
