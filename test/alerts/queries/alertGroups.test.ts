import { describe, expect, test } from '@jest/globals';
import {
  alertGroupDetailSchema,
  alertGroupListQuerySchema,
  alertGroupListSchema,
  groupFeedbackAnswerSchema,
  groupPreviewSchema,
  groupTimelineSchema,
  shiftTimestamp,
  toTimestamp,
  type GroupFeedbackBody,
} from '../../../src/contracts';
import {
  alertGroupDetail,
  alertGroupTimeline,
  giveGroupFeedback,
  listAlertGroups,
  previewGrouping,
  runAlertGrouping,
} from '../../../src/alerts';
import { received, receiveStorm, stormAlerts } from '../../support/alerts/receivedStorm';
import { withPlatform, type TestPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(300_000);
const query = (change: object = {}) => alertGroupListQuerySchema.parse(change);

async function grouped(): Promise<{ platform: TestPlatform; storm: string; mail: string; at: string }> {
  const platform = await platforms();
  const { at } = await receiveStorm(platform, signal);
  await platform.warehouse.mergeChangeEvents(
    [
      {
        changeId: 'c1',
        source: 'plain',
        kind: 'deployment',
        service: 'orders-db',
        title: 'orders-db 14.2',
        description: '',
        version: '14.2',
        status: null,
        at: shiftTimestamp(at, -15 * 60_000),
        finishedAt: null,
        author: 'Ada',
        url: null,
        labels: {},
        arrivedAt: at,
      },
    ],
    signal,
  );
  await runAlertGrouping(platform, { at }, signal);
  const { groups } = await listAlertGroups(platform, query(), signal);
  return { platform, at, storm: groups[0]!.id, mail: groups[1]!.id };
}

/** Groups a storm of the same conditions two days later: who is with whom. */
async function nextTime(platform: TestPlatform): Promise<string[][]> {
  platform.clock.advance(48 * 3_600_000);
  const now = platform.clock.now();
  await platform.warehouse.mergeAlerts(received(stormAlerts(now - 600_000, `-${now}`)), signal);
  await runAlertGrouping(platform, { at: toTimestamp(now) }, signal);
  const [run] = await platform.warehouse.alertGroupingRuns({ limit: 1 }, signal);
  const members = await platform.warehouse.alertGroupMembers(run!.runId, signal);
  const groups = new Map<string, string[]>();
  for (const { alertId, groupId } of members) {
    const [id, storm] = alertId.split('-');
    if (storm === String(now)) groups.set(groupId, [...(groups.get(groupId) ?? []), id!]);
  }
  return [...groups.values()].map((ids) => ids.sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

describe('alert groups', () => {
  test('before the first run are an empty list', async () => {
    const platform = await platforms();
    expect(await listAlertGroups(platform, query(), signal)).toEqual({ run: null, total: 0, groups: [] });
  });

  test('are listed by importance, found by filters, and shown with members, subgraph, causes and changes', async () => {
    const { platform, storm, mail } = await grouped();
    const list = await listAlertGroups(platform, query(), signal);
    expect(alertGroupListSchema.parse(list)).toEqual(list);
    expect(list.run).toMatchObject({ alerts: 5, groups: 2, noiseReduction: 0.6 });
    expect(list.groups.map(({ id, rank }) => [id, rank])).toEqual([
      [storm, 1],
      [mail, 2],
    ]);
    expect(list.groups[0]).toMatchObject({ rootCause: { id: 'orders-db' }, alerts: 4, state: 'open' });
    const ofMail = await listAlertGroups(platform, query({ service: 'mail' }), signal);
    expect(ofMail).toMatchObject({ total: 1, groups: [{ id: mail }] });
    const second = await listAlertGroups(platform, query({ limit: 1, offset: 1 }), signal);
    expect(second).toMatchObject({ total: 2, groups: [{ id: mail, rank: 2 }] });
    const detail = await alertGroupDetail(platform, { id: storm }, { members: 10, offset: 0 }, signal);
    expect(alertGroupDetailSchema.parse(detail)).toEqual(detail);
    expect(detail.members.map(({ alertId, role }) => [alertId, role])).toEqual([
      ['a1', 'primary'],
      ['a2', 'symptom'],
      ['a3', 'symptom'],
      ['a4', 'duplicate'],
    ]);
    expect(detail.subgraph.nodes.map(({ id }) => id).sort()).toEqual(['checkout', 'orders-db', 'shop']);
    expect(detail.subgraph.edges).toHaveLength(2);
    expect(detail.causes[0]).toMatchObject({ id: 'orders-db' });
    expect(detail.evidence.length).toBeGreaterThan(0);
    expect(detail.changes).toEqual([expect.objectContaining({ id: 'c1', minutesBefore: 5 })]);
    const none = await alertGroupDetail(platform, { id: storm }, { members: 0, offset: 0 }, signal);
    expect(none.members).toEqual([]);
    const missing = alertGroupDetail(platform, { id: 'g-nothing' }, { members: 1, offset: 0 }, signal);
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('have a timeline: buckets without gaps, services in the order of the storm, the change first', async () => {
    const { platform, storm } = await grouped();
    const timeline = await alertGroupTimeline(platform, { id: storm }, { limit: 100 }, signal);
    expect(groupTimelineSchema.parse(timeline)).toEqual(timeline);
    expect(timeline.services.map(({ id }) => id)).toEqual(['orders-db', 'checkout', 'shop']);
    expect(timeline.services[0]!.isRoot).toBe(true);
    expect(timeline.buckets.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(4);
    const steps = timeline.buckets
      .slice(1)
      .map(({ at }, place) => Date.parse(at) - Date.parse(timeline.buckets[place]!.at));
    expect(new Set(steps)).toEqual(new Set([timeline.bucketSeconds * 1_000]));
    expect(timeline.events.map(({ kind, alertId }) => alertId ?? kind)).toEqual(['change', 'a1', 'a2', 'a3']);
    const short = await alertGroupTimeline(platform, { id: storm }, { limit: 2 }, signal);
    expect(short).toMatchObject({ eventsLeftOut: 2 });
  });
});

describe('feedback on a group', () => {
  test('is kept and shown with the group', async () => {
    const { platform, storm } = await grouped();
    const answer = await giveGroupFeedback(
      platform,
      { id: storm },
      { kind: 'confirm', author: 'Ada' },
      signal,
    );
    expect(groupFeedbackAnswerSchema.parse(answer)).toEqual(answer);
    const detail = await alertGroupDetail(platform, { id: storm }, { members: 0, offset: 0 }, signal);
    expect(detail.said).toEqual([expect.objectContaining({ kind: 'confirm', author: 'Ada' })]);
    const [said] = await platform.warehouse.alertFeedback({ limit: 1 }, signal);
    const more = Array.from({ length: 230 }, (_, place) => ({
      ...said!,
      feedbackId: `more-${place}`,
      author: `Ada ${place}`,
      at: shiftTimestamp(said!.at, (place + 1) * 1_000),
    }));
    await platform.warehouse.mergeAlertFeedback(more, signal);
    const full = await alertGroupDetail(platform, { id: storm }, { members: 0, offset: 0 }, signal);
    expect(full.feedback).toBe(231);
    expect(full.said[0]).toMatchObject({ author: 'Ada 229' });
    expect(full.said).toHaveLength(200);
    expect(detail.feedback).toBe(1);
  });

  test('to split holds the next time that the same storm comes', async () => {
    const { platform, storm } = await grouped();
    expect(await nextTime(platform)).toEqual([['a1', 'a2', 'a3', 'a4'], ['b1']]);
    await giveGroupFeedback(
      platform,
      { id: storm },
      { kind: 'split', author: 'Ada', alertIds: ['a3'], note: 'the shop had its own trouble' },
      signal,
    );
    expect(await nextTime(platform)).toEqual([['a1', 'a2', 'a4'], ['a3'], ['b1']]);
  });

  test('to merge holds the next time that the same storm comes', async () => {
    const { platform, storm, mail } = await grouped();
    const body = { kind: 'merge', author: 'Ada', otherGroupId: mail } as const;
    await giveGroupFeedback(platform, { id: storm }, body, signal);
    expect(await nextTime(platform)).toEqual([['a1', 'a2', 'a3', 'a4', 'b1']]);
  });

  test('with a cause puts that first from the next run on', async () => {
    const { platform, storm, at } = await grouped();
    const body = { kind: 'wrong-cause', author: 'Ada', cause: 'checkout' } as const;
    await giveGroupFeedback(platform, { id: storm }, body, signal);
    await runAlertGrouping(platform, { at: shiftTimestamp(at, 60_000) }, signal);
    const detail = await alertGroupDetail(platform, { id: storm }, { members: 0, offset: 0 }, signal);
    expect(detail.rootCause).toMatchObject({ id: 'checkout' });
    expect(detail.causes[0]!.reasons[0]).toBe('Ada said that it was this one.');
    expect(detail.causes[1]).toMatchObject({ id: 'orders-db' });
  });

  test('that makes no sense is refused, and nothing is kept', async () => {
    const { platform, storm } = await grouped();
    const give = (body: GroupFeedbackBody) => giveGroupFeedback(platform, { id: storm }, body, signal);
    const author = 'Ada';
    const noMember = give({ kind: 'split', author, alertIds: ['b1'] });
    await expect(noMember).rejects.toMatchObject({ code: 'INPUT_INVALID', culprit: { field: 'alertIds' } });
    const everything = give({ kind: 'split', author, alertIds: ['a1', 'a2', 'a3', 'a4'] });
    await expect(everything).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const itself = give({ kind: 'merge', author, otherGroupId: storm });
    await expect(itself).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const nobody = give({ kind: 'merge', author, otherGroupId: 'g-nothing' });
    await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await platform.warehouse.alertFeedback({ limit: 10 }, signal)).toEqual([]);
  });
});

describe('a preview of changed settings', () => {
  test('says what they would have made of the last days, and stores nothing', async () => {
    const { platform } = await grouped();
    platform.clock.advance(60_000);
    const preview = await previewGrouping(
      platform,
      { days: 7, settings: { TIME_WINDOW_MINUTES: 1 } },
      { signal },
    );
    expect(groupPreviewSchema.parse(preview)).toEqual(preview);
    expect(preview.before).toMatchObject({ alerts: 5, groups: 2, settings: { TIME_WINDOW_MINUTES: 15 } });
    expect(preview.after.settings).toMatchObject({ TIME_WINDOW_MINUTES: 1, MIN_MATCH_SCORE: 2 });
    expect(preview.after.groups).toBeGreaterThanOrEqual(2);
    expect(await platform.warehouse.alertGroupingRuns({ limit: 10 }, signal)).toHaveLength(1);
  });

  test('of the settings as they are differs in nothing', async () => {
    const { platform } = await grouped();
    platform.clock.advance(60_000);
    const same = { days: 7, settings: { TIME_WINDOW_MINUTES: 15 } };
    const preview = await previewGrouping(platform, same, { signal });
    expect(preview).toMatchObject({ sameGroups: 2, movedAlerts: 0, differing: [] });
    expect(preview.after).toEqual(preview.before);
  });
});
