import { describe, expect, test } from '@jest/globals';
import { archiveAlerts, trainWhenDue } from '../../../src/alerts/train';
import { withPlatform } from '../../support/platform';
import { testClock } from '../../support/testClock';
import { alertsOfKinds } from './kindsOfAlerts';

const platformOf = withPlatform();
const signal = AbortSignal.timeout(120_000);

describe('the timer of weekly training', () => {
  test.each([
    ['2026-11-23T06:00:00Z', '2026-11-23T05:45:00+00:00', true],
    ['2026-11-23T06:00:00Z', undefined, true],
    ['2026-11-23T06:00:00Z', '0001-01-01T00:00:00+00:00', true],
    ['2026-11-23T09:30:00Z', '2026-11-22T23:00:00+00:00', true],
    ['2026-11-23T06:15:00Z', '2026-11-23T06:00:00+00:00', false],
    ['2026-11-23T07:00:00Z', '2026-11-23T06:45:00+00:00', false],
    ['2026-11-24T06:00:00Z', '2026-11-24T05:45:00+00:00', false],
  ])('at %s, last at %s: it trains: %p', async (now, last, trains) => {
    const platform = await platformOf({
      clock: testClock(Date.parse(now)),
      environment: { ALERT_TIME_ZONE: 'Europe/Berlin' },
    });
    await archiveAlerts(platform, alertsOfKinds([0, 1], 5), signal);
    const report = await trainWhenDue(platform, last, { signal });
    expect(report?.status).toBe(trains ? 'skipped' : undefined);
    expect((await platform.warehouse.runs({ limit: 9 }, signal)).length).toBe(trains ? 1 : 0);
    const beats = platform.telemetry.metrics.filter(({ name }) => name === 'pipeline.heartbeat');
    expect(beats.map(({ dimensions }) => dimensions)).toEqual([
      { pipeline: 'alert-train', scope: 'clusters' },
    ]);
  });
});
