import { describe, expect, test } from '@jest/globals';
import { createMaintenanceWindow, endMaintenanceWindow, listMaintenanceWindows } from '../../../src/alerts';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const given = { reason: 'upgrade', services: ['orders-db'], endsAt: '2026-10-05T14:00', createdBy: 'ann' };

describe('maintenance windows', () => {
  test('begin now unless told otherwise, and read times in the zone of the settings', async () => {
    const platform = await platforms({ environment: { ALERT_TIME_ZONE: 'Europe/Berlin' } });
    const window = await createMaintenanceWindow(platform, { ...given, endsAt: '2026-10-05T15:00' }, signal);
    expect(window).toMatchObject({
      startsAt: '2026-10-05T12:00:00.000000Z',
      endsAt: '2026-10-05T13:00:00.000000Z',
      endedBy: null,
    });
    expect(await listMaintenanceWindows(platform, {}, signal)).toEqual({ windows: [window] });
    platform.clock.advance(3_600_000);
    expect(await listMaintenanceWindows(platform, {}, signal)).toEqual({ windows: [] });
    const past = { from: '2026-10-05T14:30', to: '2026-10-05T14:40' };
    expect(await listMaintenanceWindows(platform, past, signal)).toEqual({ windows: [window] });
  });

  test('are ended now, once, and never hold when they had not begun', async () => {
    const platform = await platforms();
    const window = await createMaintenanceWindow(platform, given, signal);
    platform.clock.advance(60_000);
    const ended = await endMaintenanceWindow(platform, window.windowId, { endedBy: 'bob' }, signal);
    expect(ended).toEqual({ ...window, endsAt: '2026-10-05T12:01:00.000000Z', endedBy: 'bob' });
    platform.clock.advance(60_000);
    expect(await endMaintenanceWindow(platform, window.windowId, { endedBy: 'eve' }, signal)).toEqual(ended);
    const later = await createMaintenanceWindow(platform, { ...given, startsAt: '2026-10-05T13:00' }, signal);
    const never = await endMaintenanceWindow(platform, later.windowId, { endedBy: 'bob' }, signal);
    expect(never.endsAt).toBe(never.startsAt);
    await expect(endMaintenanceWindow(platform, 'w-none', { endedBy: 'bob' }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('that name nothing, or a time that is none, are refused by field', async () => {
    const platform = await platforms();
    const refused: [object, string][] = [
      [{ services: [] }, 'services'],
      [{ endsAt: 'tomorrow' }, 'endsAt'],
      [{ startsAt: '2026-10-05T14:00', endsAt: '2026-10-05T14:00' }, 'endsAt'],
      [{ endsAt: '2026-12-05' }, 'endsAt'],
      [{ startsAt: '2026-10-05T10:00', endsAt: '2026-10-05T11:00' }, 'endsAt'],
      [{ startsAt: 'soon' }, 'startsAt'],
    ];
    for (const [fields, field] of refused) {
      await expect(createMaintenanceWindow(platform, { ...given, ...fields }, signal)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        culprit: { field },
      });
    }
    expect(await listMaintenanceWindows(platform, {}, signal)).toEqual({ windows: [] });
  });
});
