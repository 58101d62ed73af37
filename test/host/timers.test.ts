import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Heard, outerProcess, withHosts } from './fixtureHost';
import { ManualClock } from './manualClock';

interface TimerRun {
  name: string;
  done?: boolean;
  retry?: { retryCount: number; maxRetryCount: number; exception?: { message: string } };
  timer?: {
    isPastDue: boolean;
    schedule: { adjustForDST: boolean };
    scheduleStatus: { last: string; next: string; lastUpdated: string };
  };
}

const minute = 60_000;
const hourly = '0 0 * * * *';

describe('timers', () => {
  const start = withHosts();
  const heard = new Heard<TimerRun>();
  let stateDir = '';
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'timers-'));
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  const began = (name: string) => (run: TimerRun) => run.name === name && run.timer !== undefined;
  const ended = (name: string) => (run: TimerRun) => run.name === name && run.done === true;
  const startAt = (clock: ManualClock, environment = {}, schedulesEnabled = true) =>
    start('timers', {
      clock,
      stateDir,
      schedulesEnabled,
      environment: { HOURLY_SCHEDULE: hourly, ...environment },
    });
  /** Lets time pass in steps that no wait of the host is longer than. */
  async function pass(clock: ManualClock, minutes: number): Promise<void> {
    for (let index = 0; index < minutes; index += 1) {
      await clock.sleeping((ms) => ms <= minute);
      clock.advance(minute);
    }
  }

  test('run at their time, know the last and the next one, and go on after that', async () => {
    const clock = new ManualClock('2026-07-01T09:58:00Z');
    await startAt(clock);
    await heard.next(ended('atStart'));
    await pass(clock, 2);
    expect((await heard.next(began('hourly'))).timer).toEqual({
      isPastDue: false,
      schedule: { adjustForDST: true },
      scheduleStatus: {
        last: '0001-01-01T00:00:00+00:00',
        next: '2026-07-01T10:00:00.000Z',
        lastUpdated: '2026-07-01T09:58:00.000Z',
      },
    });
    await heard.next(ended('hourly'));
    await pass(clock, 60);
    expect((await heard.next(began('hourly'))).timer?.scheduleStatus).toEqual({
      last: '2026-07-01T10:00:00.000Z',
      next: '2026-07-01T11:00:00.000Z',
      lastUpdated: '2026-07-01T10:00:00.000Z',
    });
  });

  test('runOnStartup runs at once, the others wait', async () => {
    await startAt(new ManualClock('2026-07-01T09:58:00Z'));
    await heard.next(ended('atStart'));
    expect(heard.all.map(({ name }) => name)).not.toContain('hourly');
  });

  test('a time that passed while nothing ran is made up for after a restart, and marked', async () => {
    const before = await startAt(new ManualClock('2026-07-01T09:58:00Z'));
    await heard.next(ended('atStart'));
    await before.stop();
    await startAt(new ManualClock('2026-07-01T12:30:00Z'));
    const { timer } = await heard.next(began('hourly'));
    expect(timer).toMatchObject({ isPastDue: true, scheduleStatus: { next: '2026-07-01T10:00:00.000Z' } });
  });

  test('a restart in time makes up for nothing', async () => {
    const before = await startAt(new ManualClock('2026-07-01T09:50:00Z'));
    await heard.next(ended('atStart'));
    await before.stop();
    await startAt(new ManualClock('2026-07-01T09:59:00Z'));
    await heard.next(ended('atStart'));
    expect(heard.all.map(({ name }) => name)).not.toContain('hourly');
  });

  test('another schedule after a restart is not past due', async () => {
    const before = await startAt(new ManualClock('2026-07-01T09:58:00Z'));
    await heard.next(ended('atStart'));
    await before.stop();
    const clock = new ManualClock('2026-07-01T12:30:00Z');
    await startAt(clock, { HOURLY_SCHEDULE: '0 45 * * * *' });
    await pass(clock, 15);
    const { timer } = await heard.next(began('hourly'));
    expect(timer).toMatchObject({ isPastDue: false, scheduleStatus: { next: '2026-07-01T12:45:00.000Z' } });
  });

  test('a status file that cannot be read is started afresh', async () => {
    const before = await startAt(new ManualClock('2026-07-01T09:58:00Z'));
    await before.stop();
    writeFileSync(join(stateDir, 'timers', 'hourly.json'), '{"Last":');
    const clock = new ManualClock('2026-07-01T12:59:00Z');
    await startAt(clock);
    await pass(clock, 1);
    expect((await heard.next(began('hourly'))).timer?.isPastDue).toBe(false);
  });

  test('never overlap with themselves: times during a run are made up for by one run', async () => {
    const clock = new ManualClock('2026-07-01T09:59:00Z');
    const host = await startAt(clock, { FIXTURE_VERDICT: 'wait' });
    await heard.next(began('atStart'));
    outerProcess.emit('release atStart');
    await pass(clock, 1);
    await heard.next(began('hourly'));
    clock.advance(3 * 60 * minute);
    const byHand = host.invoke('hourly');
    expect(heard.all.filter(began('hourly'))).toHaveLength(1);
    outerProcess.emit('release hourly');
    await heard.next(began('hourly'));
    outerProcess.emit('release hourly');
    expect(await byHand).toEqual({ ran: 'hourly' });
    await heard.next(began('hourly'));
    outerProcess.emit('release hourly');
    await heard.next(ended('hourly'));
    await clock.sleeping((ms) => ms <= minute);
    expect(heard.all.filter(began('hourly'))).toHaveLength(3);
  });

  test('a clock that jumps ahead is noticed within a minute, one that goes back only delays', async () => {
    const clock = new ManualClock('2026-07-01T09:30:00Z');
    await startAt(clock);
    await heard.next(ended('atStart'));
    clock.jump(-20 * minute);
    await pass(clock, 2);
    expect(heard.all.filter(began('hourly'))).toHaveLength(0);
    clock.jump(50 * minute);
    await pass(clock, 1);
    await heard.next(began('hourly'));
  });

  test('a failed run is retried as its policy says, then left', async () => {
    const clock = new ManualClock('2026-07-01T09:00:00Z');
    const host = await startAt(clock, { FIXTURE_VERDICT: 'fail' }, false);
    const run = host.invoke('retried').catch((error: unknown) => error);
    for (let retry = 0; retry < 2; retry += 1) {
      await clock.sleeping((ms) => ms === 7_000);
      clock.advance(7_000);
    }
    expect(await run).toMatchObject({ code: 'FUNCTION_FAILED' });
    expect(heard.all.map(({ retry }) => retry)).toEqual([
      undefined,
      { retryCount: 1, maxRetryCount: 2, exception: { message: expect.stringContaining('retried failed') } },
      { retryCount: 2, maxRetryCount: 2, exception: { message: expect.stringContaining('retried failed') } },
    ]);
  });

  test('a failed run does not end the schedule', async () => {
    const clock = new ManualClock('2026-07-01T09:59:00Z');
    await startAt(clock, { FIXTURE_VERDICT: 'fail' });
    await pass(clock, 1);
    await heard.next(began('hourly'));
    await pass(clock, 60);
    await heard.next(began('hourly'));
  });

  test('with schedules off they run by hand only', async () => {
    const clock = new ManualClock('2026-07-01T09:59:59Z');
    const host = await startAt(clock, {}, false);
    clock.advance(2 * 60 * minute);
    expect(await host.invoke('HOURLY')).toEqual({ ran: 'hourly' });
    expect(heard.all.filter(({ timer }) => timer !== undefined)).toHaveLength(1);
  });

  test('a missing setting in a schedule is named', async () => {
    await expect(start('timers', { environment: { HOURLY_SCHEDULE: '' } })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      culprit: { setting: 'HOURLY_SCHEDULE' },
    });
  });
});
