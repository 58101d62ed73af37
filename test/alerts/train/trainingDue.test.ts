import { describe, expect, test } from '@jest/globals';
import { trainingDue } from '../../../src/alerts/train/trainingDue';

const mondays = '0 0 7 * * 1';
const at = (text: string): number => Date.parse(text);
const quarterBefore = (text: string): number => at(text) - 15 * 60_000;
const due = (timeZone: string, now: string, last = quarterBefore(now), schedule = mondays): boolean =>
  trainingDue({ schedule, timeZone }, last, at(now));

describe('Mondays at seven', () => {
  test.each([
    ['UTC', '2026-11-23T07:00:00Z'],
    ['Europe/Berlin', '2026-11-23T06:00:00Z'],
    ['Europe/Berlin', '2026-07-20T05:00:00Z'],
    ['America/New_York', '2026-11-23T12:00:00Z'],
    ['America/New_York', '2026-07-20T11:00:00Z'],
    ['Asia/Kolkata', '2026-11-23T01:30:00Z'],
    ['Asia/Tokyo', '2026-11-22T22:00:00Z'],
    ['Pacific/Kiritimati', '2026-11-22T17:00:00Z'],
  ])('in %s are at %s, once', (timeZone, now) => {
    expect(due(timeZone, now)).toBe(true);
    const next = new Date(at(now) + 15 * 60_000).toISOString();
    expect(due(timeZone, next)).toBe(false);
    expect(due(timeZone, new Date(at(now) - 60_000).toISOString())).toBe(false);
  });

  test('on the Mondays after the clocks change are at seven all the same', () => {
    const ticks: string[] = [];
    for (let time = at('2026-10-12T00:00:00Z'); time < at('2026-11-09T00:00:00Z'); time += 15 * 60_000) {
      const now = new Date(time).toISOString();
      if (due('Europe/Berlin', now)) ticks.push(now);
    }
    expect(ticks).toEqual([
      '2026-10-12T05:00:00.000Z',
      '2026-10-19T05:00:00.000Z',
      '2026-10-26T06:00:00.000Z',
      '2026-11-02T06:00:00.000Z',
    ]);
  });

  test('that passed while nothing ran are made up for', () => {
    expect(due('UTC', '2026-11-23T11:40:00Z', at('2026-11-23T06:45:00Z'))).toBe(true);
    expect(due('UTC', '2026-11-28T00:00:00Z', at('2020-01-01T00:00:00Z'))).toBe(true);
    expect(due('UTC', '2026-11-28T00:00:00Z', at('2026-11-23T07:00:00Z'))).toBe(false);
  });

  test('do not come twice for a timer that is late by seconds', () => {
    expect(due('UTC', '2026-11-23T07:00:03Z', at('2026-11-23T06:45:02Z'))).toBe(true);
    expect(due('UTC', '2026-11-23T07:15:01Z', at('2026-11-23T07:00:03Z'))).toBe(false);
  });
});

describe('other schedules', () => {
  test('lists, steps, names and months are read', () => {
    expect(due('UTC', '2026-12-01T03:30:00Z', undefined, '0 */30 3,4 1 dec *')).toBe(true);
    expect(due('UTC', '2026-12-02T03:30:00Z', undefined, '0 */30 3,4 1 dec *')).toBe(false);
  });

  test.each([
    ['0 0 7 * *', 'UTC', 'ALERT_TRAIN_SCHEDULE'],
    ['0 0 25 * * 1', 'UTC', 'ALERT_TRAIN_SCHEDULE'],
    [mondays, 'Mars/Olympus', 'ALERT_TIME_ZONE'],
  ])('%j in %s is refused, naming the setting', (schedule, timeZone, setting) => {
    expect(() => trainingDue({ schedule, timeZone }, 0, 1)).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', culprit: { setting } }),
    );
  });
});
