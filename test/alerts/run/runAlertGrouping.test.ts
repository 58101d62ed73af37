import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { shiftTimestamp, toTimestamp } from '../../../src/contracts';
import {
  alertGroupDetail,
  alertGroupTimeline,
  enqueueAlertGrouping,
  runAlertGrouping,
} from '../../../src/alerts';
import { killedPlatform } from '../../support/killedPlatform';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { received, receiveStorm, stormAlerts } from '../../support/alerts/receivedStorm';

const platforms = withPlatform();
const signal = AbortSignal.timeout(300_000);
const mostSteps = 60;
/** Every step would take a minute; odd, so that both sides of a change get their turn. */
const stepsBetweenKills = 3;

/** Groups that people see, by their alerts. */
async function groupsSeen({ warehouse }: TestPlatform): Promise<Record<string, string[]>> {
  const groups = await warehouse.alertGroups({ limit: 100, offset: 0 }, signal);
  const members: Record<string, string[]> = {};
  for (const { runId, groupId } of groups) {
    const rows = await warehouse.consolidatedAlerts({ runId, groupId, limit: 100, offset: 0 }, signal);
    members[groupId] = rows.map(({ alertId }) => alertId).sort();
  }
  return members;
}

async function files({ blobs }: TestPlatform): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of blobs.list('results/')) names.push(name);
  return names;
}

describe('a grouping run', () => {
  test('folds a storm that crosses sources into one group with its cause, and leaves other trouble out', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    const run = await runAlertGrouping(platform, { at }, signal);
    expect(run).toMatchObject({
      pipeline: 'alert-group',
      status: 'ok',
      counts: { alerts: 5, groups: 2, unmapped: 0, suppressed: 0 },
    });
    const groups = Object.values(await groupsSeen(platform));
    expect(groups).toHaveLength(2);
    expect(groups).toEqual(expect.arrayContaining([['a1', 'a2', 'a3', 'a4'], ['b1']]));
    const [first] = await platform.warehouse.alertGroups({ limit: 1, offset: 0 }, signal);
    expect(first).toMatchObject({ rootCause: 'orders-db', severity: 'critical', state: 'open', services: 3 });
    expect(await platform.warehouse.runs({ pipeline: 'alert-group', limit: 5 }, signal)).toHaveLength(1);
    const [grouping] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
    expect(await files(platform)).toHaveLength(8);
    expect(grouping).toMatchObject({ scope: 'all', runAt: at, modelVersion: null });
    expect(JSON.parse(grouping!.clusteringStatisticsJson)).toMatchObject({
      model: null,
      reason: expect.stringContaining('no model yet'),
    });
  });

  test('for the same moment again does nothing', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const again = await runAlertGrouping(platform, { at }, signal);
    expect(again.status).toBe('skipped');
    expect(await platform.warehouse.alertGroupingRuns({ limit: 10 }, signal)).toHaveLength(1);
  });

  test('keeps the names of groups while a storm goes on, for longer than runs look back', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const before = await groupsSeen(platform);
    platform.clock.advance(90 * 60_000);
    const later = stormAlerts(platform.clock.now() - 20 * 60_000)
      .slice(0, 3)
      .map((alert) => ({ ...alert, id: `${alert.id}-again` }));
    await platform.warehouse.mergeAlerts(received(later), signal);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    const after = await groupsSeen(platform);
    const storm = Object.keys(before).find((id) => before[id]!.includes('a1'))!;
    expect(after[storm]).toEqual(expect.arrayContaining(['a1', 'a2', 'a3', 'a4']));
  });

  test('lets go of alerts that nobody ended, three days after they were last spoken of', async () => {
    const platform = await platforms();
    const now = platform.clock.now();
    const hour = 3_600_000;
    const [forgotten, repeated] = received(stormAlerts(now - 80 * hour));
    const spokenOf = { ...repeated!, saidAt: toTimestamp(now - hour) };
    await platform.warehouse.mergeAlerts([forgotten!, spokenOf], signal);
    const run = await runAlertGrouping(platform, { at: toTimestamp(now) }, signal);
    expect(run.counts['alerts']).toBe(1);
    expect(Object.values(await groupsSeen(platform))).toEqual([[repeated!.id]]);
  });

  test('groups what came and ended while no run was made, for longer than runs look back', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const began = platform.clock.now() + 60_000;
    const [missed] = received(stormAlerts(began));
    const short = {
      ...missed!,
      id: 'missed',
      status: 'resolved' as const,
      endsAt: shiftTimestamp(missed!.startsAt, 30_000),
      arrivedAt: shiftTimestamp(missed!.startsAt, 60_000),
    };
    await platform.warehouse.mergeAlerts([short], signal);
    platform.clock.advance(30 * 3_600_000);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    expect(Object.values(await groupsSeen(platform)).flat()).toContain('missed');
  });

  test('groups what is delivered late and already over, once', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    platform.clock.advance(15 * 60_000);
    const now = platform.clock.now();
    const [alert] = received(stormAlerts(now - 48 * 3_600_000));
    const ended = { status: 'resolved' as const, endsAt: shiftTimestamp(alert!.startsAt, 30_000) };
    const late = { ...alert!, ...ended, id: 'late', arrivedAt: toTimestamp(now - 60_000) };
    const tooLate = { ...late, id: 'too-late', startsAt: toTimestamp(now - 8 * 24 * 3_600_000) };
    await platform.warehouse.mergeAlerts([late, tooLate], signal);
    const runs: string[][] = [];
    for (let run = 0; run < 2; run++) {
      await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
      const [last] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
      const members = await platform.warehouse.alertGroupMembers(last!.runId, signal);
      runs.push(members.map(({ alertId }) => alertId));
      platform.clock.advance(15 * 60_000);
    }
    expect(runs).toEqual([
      ['a1', 'a2', 'a3', 'a4', 'b1', 'late'],
      ['a1', 'a2', 'a3', 'a4', 'b1'],
    ]);
  });

  test('closes a group whose alerts it lets go, with the reason, and keeps its members to be seen', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const before = await groupsSeen(platform);
    platform.clock.advance(80 * 3_600_000);
    const closedAt = toTimestamp(platform.clock.now());
    await runAlertGrouping(platform, { at: closedAt }, signal);
    await runAlertGrouping(platform, { at: closedAt }, signal);
    platform.clock.advance(15 * 60_000);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    expect(await platform.warehouse.countAlertGroups({ state: 'open' }, signal)).toBe(0);
    for (const [id, alerts] of Object.entries(before)) {
      const detail = await alertGroupDetail(platform, { id }, { members: 10, offset: 0 }, signal);
      expect(detail).toMatchObject({ state: 'resolved', endedAt: closedAt, runAt: closedAt });
      expect(detail.closedBecause).toContain('spoke of them again for 72 hours');
      expect(detail.members.map(({ alertId }) => alertId).sort()).toEqual(alerts);
      const timeline = await alertGroupTimeline(platform, { id }, { limit: 10 }, signal);
      expect(timeline.services.length).toBeGreaterThan(0);
    }
    const [run] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
    expect(run).toMatchObject({ alerts: 0, groups: 0 });
    expect(await platform.warehouse.alertGroupsOfRun(run!.runId, signal)).toEqual([]);
  });

  test('closes a group whose alerts are all inside a maintenance window now, and opens it again after', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const [mail] = await platform.warehouse.alertGroups({ service: 'mail', limit: 1, offset: 0 }, signal);
    const window = {
      windowId: 'w-1',
      reason: 'mail moves house',
      services: ['mail'],
      teams: [],
      matchers: [],
      startsAt: shiftTimestamp(at, -3_600_000),
      endsAt: shiftTimestamp(at, 3_600_000),
      createdBy: 'Ada',
      createdAt: at,
      endedBy: null,
    };
    await platform.warehouse.mergeMaintenanceWindows([window], signal);
    platform.clock.advance(15 * 60_000);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    const id = mail!.groupId;
    const closed = await alertGroupDetail(platform, { id }, { members: 10, offset: 0 }, signal);
    expect(closed).toMatchObject({
      state: 'resolved',
      closedBecause: 'Its alerts are inside a maintenance window now.',
      members: [{ alertId: 'b1' }],
    });
    platform.clock.advance(120 * 60_000);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    const open = await alertGroupDetail(platform, { id }, { members: 10, offset: 0 }, signal);
    expect(open).toMatchObject({ state: 'open', closedBecause: null });
  });

  test('a group that is followed for longer than a day is resolved when its last alert is', async () => {
    const platform = await platforms();
    const hour = 3_600_000;
    const [alert] = received(stormAlerts(platform.clock.now() - 30 * hour));
    const firing = { ...alert!, saidAt: toTimestamp(platform.clock.now()) };
    await platform.warehouse.mergeAlerts([firing], signal);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    const [before] = await platform.warehouse.alertGroups({ limit: 1, offset: 0 }, signal);
    platform.clock.advance(10 * 60_000);
    const endsAt = toTimestamp(platform.clock.now());
    await platform.warehouse.mergeAlerts([{ ...firing, status: 'resolved', endsAt, saidAt: endsAt }], signal);
    platform.clock.advance(5 * 60_000);
    await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    expect(before).toMatchObject({ state: 'open' });
    const after = await platform.warehouse.alertGroup(before!.groupId, signal);
    expect(after).toMatchObject({ state: 'resolved', endedAt: endsAt });
  });

  test('leaves to the next run what arrives after the moment that it groups', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    const [late] = received(stormAlerts(platform.clock.now() - 120_000));
    const row = { ...late!, id: 'late', arrivedAt: shiftTimestamp(at, 1_000) };
    await platform.warehouse.mergeAlerts([row], signal);
    expect((await runAlertGrouping(platform, { at }, signal)).counts['alerts']).toBe(5);
    const next = await runAlertGrouping(platform, { at: shiftTimestamp(at, 60_000) }, signal);
    expect(next.counts['alerts']).toBe(6);
  });

  test('without a service graph groups all the same, and says so', async () => {
    const platform = await platforms();
    const alerts = stormAlerts(platform.clock.now() - 600_000);
    await platform.warehouse.mergeAlerts(received(alerts), signal);
    const run = await runAlertGrouping(platform, { at: toTimestamp(platform.clock.now()) }, signal);
    expect(run).toMatchObject({ status: 'ok', counts: { alerts: 5, unmapped: 5 } });
    expect(run.detail).toContain('without a service graph');
  });

  test('keeps alerts of a maintenance window out of groups, and counts them', async () => {
    const platform = await platforms();
    const { at } = await receiveStorm(platform, signal);
    const window = {
      windowId: 'w-1',
      reason: 'mail moves house',
      services: ['mail'],
      teams: [],
      matchers: [],
      startsAt: shiftTimestamp(at, -3_600_000),
      endsAt: shiftTimestamp(at, 3_600_000),
      createdBy: 'Ada',
      createdAt: shiftTimestamp(at, -3_600_000),
      endedBy: null,
    };
    await platform.warehouse.mergeMaintenanceWindows([window], signal);
    const run = await runAlertGrouping(platform, { at }, signal);
    expect(run.counts).toMatchObject({ alerts: 5, groups: 1, suppressed: 1 });
    const [grouping] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
    const page = { runId: grouping!.runId, limit: 10, offset: 0 };
    const rows = await platform.warehouse.consolidatedAlerts(page, signal);
    expect(rows.find(({ alertId }) => alertId === 'b1')).toMatchObject({
      role: 'suppressed',
      groupId: null,
      reason: 'maintenance window w-1: mail moves house',
    });
  });

  test('takes names from a language model only as far as the facts bear them out', async () => {
    const names = ['shop: slow pages after orders-db trouble', 'payroll: servers on the moon'];
    const platform = await platforms({
      overrides: {
        languageModel: {
          model: 'told',
          complete: () => Promise.resolve({ text: names.shift()!, inputTokens: 1, outputTokens: 1 }),
        },
      },
    });
    const { at } = await receiveStorm(platform, signal);
    await runAlertGrouping(platform, { at }, signal);
    const groups = await platform.warehouse.alertGroups({ limit: 10, offset: 0 }, signal);
    expect(groups.map(({ namedBy }) => namedBy).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'language-model',
      'rules',
    ]);
    const [run] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
    expect(JSON.parse(run!.metadataJson)).toMatchObject({
      naming: { by: 'language-model', given: 1, rejected: 1, degradedReason: null },
    });
  });

  test('is asked for once by the timer, with the moment up to which it groups', async () => {
    const platform = await platforms();
    const message = await enqueueAlertGrouping(platform, signal);
    expect(message.at).toBe(toTimestamp(platform.clock.now()));
    expect(platform.telemetry.metrics).toContainEqual(
      expect.objectContaining({
        name: 'pipeline.heartbeat',
        dimensions: { pipeline: 'alert-group', scope: 'all' },
      }),
    );
  });

  test('killed before or after a change shows nothing half done, and run again gives every group once', async () => {
    const platform = await platforms();
    let survived = false;
    for (let step = 1; !survived; step += stepsBetweenKills) {
      expect(step).toBeLessThan(mostSteps);
      platform.clock.advance(48 * 3_600_000);
      const { at } = await receiveStorm(platform, signal, {
        suffix: `-${step}`,
        change: { status: 'resolved', endsAt: toTimestamp(platform.clock.now()) },
      });
      const seenBefore = await groupsSeen(platform);
      const victim = killedPlatform(platform, step, step % 2 === 0 ? 'before' : 'after');
      await runAlertGrouping(victim.platform, { at }, signal).catch(() => undefined);
      survived = !victim.killed();
      const [recorded] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
      const seenAfter = await groupsSeen(platform);
      expect(recorded?.runAt === at || isDeepStrictEqual(seenAfter, seenBefore)).toBe(true);
      await runAlertGrouping(platform, { at }, signal);
      const [run] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
      expect(run).toMatchObject({ runAt: at, alerts: 5, groups: 2 });
      const groups = await platform.warehouse.alertGroupsOfRun(run!.runId, signal);
      expect(groups.map(({ alerts }) => alerts).sort((a, b) => a - b)).toEqual([1, 4]);
    }
  });
});
