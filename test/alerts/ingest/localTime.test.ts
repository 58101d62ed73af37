import { expect, test } from '@jest/globals';
import { LocalTime } from '../../../src/alerts/ingest/localTime';
import { readAlertTime } from '../../../src/alerts/ingest/alertTime';

const berlin = new LocalTime('Europe/Berlin');
const read = (text: unknown, local = berlin): string | undefined => readAlertTime(text, local)?.at;

test('wall-clock times are read in their zone, through both changes of the clocks', () => {
  expect(read('2026-01-15 12:00:00')).toBe('2026-01-15T11:00:00.000000Z');
  expect(read('2026-07-15 12:00:00')).toBe('2026-07-15T10:00:00.000000Z');
  // Clocks go forward at 02:00 on 29 March: 02:30 is left out.
  expect(read('2026-03-29 01:59:59')).toBe('2026-03-29T00:59:59.000000Z');
  expect(read('2026-03-29 02:30')).toBe('2026-03-29T01:30:00.000000Z');
  expect(read('2026-03-29 03:00')).toBe('2026-03-29T01:00:00.000000Z');
  // They go back at 03:00 on 25 October: 02:30 occurs twice.
  expect(read('2026-10-25 02:30')).toBe('2026-10-25T00:30:00.000000Z');
  expect(read('2026-10-25 03:00')).toBe('2026-10-25T02:00:00.000000Z');
  expect(read('2026-07-15 12:00', new LocalTime('Asia/Kathmandu'))).toBe('2026-07-15T06:15:00.000000Z');
  expect(read('2026-07-15 12:00', new LocalTime('America/Los_Angeles'))).toBe('2026-07-15T19:00:00.000000Z');
});

test('every hour around the changes of four zones’ clocks comes back from its wall clock', () => {
  for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']) {
    const local = new LocalTime(zone);
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    let last = '';
    const hours = [Date.UTC(2026, 2, 6), Date.UTC(2026, 9, 2)].flatMap((first) =>
      Array.from({ length: 31 * 24 }, (_, hour) => first + hour * 3_600_000),
    );
    for (const at of hours) {
      const wall = format.format(at);
      // The second of two equal hours reads as the first.
      const expected = wall === last ? at - 3_600_000 : at;
      last = wall;
      const found = Date.parse(read(wall, local)!.slice(0, 19) + 'Z');
      // Where clocks go back by half an hour, an hour later shows half of it again.
      expect([expected, at - 1_800_000, at]).toContain(found);
      expect(format.format(found)).toBe(wall);
    }
  }
});

test.each([
  ['1791201480', '2026-10-05T11:58:00.000000Z'],
  ['1791201480.25', '2026-10-05T11:58:00.250000Z'],
  [1_791_201_480_123, '2026-10-05T11:58:00.123000Z'],
  ['1791201480123456', '2026-10-05T11:58:00.123000Z'],
  ['1791201480123456789', '2026-10-05T11:58:00.123000Z'],
  ['2026-10-05T11:58:00.123456789Z', '2026-10-05T11:58:00.123456Z'],
  ['2026-10-05T11:58Z', '2026-10-05T11:58:00.000000Z'],
  ['2026-10-05 11:58:00 UTC', '2026-10-05T11:58:00.000000Z'],
  ['2026-10-05T13:58:00+0200', '2026-10-05T11:58:00.000000Z'],
  ['2026-10-05T13:58:00+02', '2026-10-05T11:58:00.000000Z'],
  ['2026-10-05T06:28:00-05:30', '2026-10-05T11:58:00.000000Z'],
  ['Mon, 05 Oct 2026 11:58:00 GMT', '2026-10-05T11:58:00.000000Z'],
  ['2026-10-05', '2026-10-04T22:00:00.000000Z'],
])('%p is %s', (given, expected) => {
  expect(read(given)).toBe(expected);
});

test.each([
  'soon',
  '2026-13-01',
  '2026-02-30T00:00:00Z',
  '2026-10-05T24:00:00Z',
  '2026-10-05T11:60:00Z',
  '11:58',
  '05.10.2026',
  -1,
  Number.NaN,
  1e30,
  {},
  true,
])('%p is no point in time', (given) => {
  expect(read(given)).toBeUndefined();
});
