import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type {
  AlertGroupDetail,
  AlertGroupList,
  GroupFeedbackAnswer,
  GroupPreview,
  GroupTimeline,
  PipelineStatus,
} from '../../src/contracts';
import { startQuickstart, type RunningQuickstart } from './runningQuickstart';

/** From the webhook to the group, through the real host on one machine: what the console's page is made of. */

let running: RunningQuickstart;
beforeAll(async () => {
  running = await startQuickstart(['--tickets', '1', '--storms', '3']);
}, 180_000);
afterAll(() => running.stop());

async function call(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${running.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: response.status, answer: await response.json() };
}

test('storms that a webhook sent are ranked groups with causes, members, a timeline and feedback', async () => {
  const list = (await call('GET', '/api/alert-groups?limit=100')).answer as AlertGroupList;
  expect(list.run).toMatchObject({ unmapped: 0, modelVersion: 'v1' });
  expect(list.total).toBe(list.groups.length);
  expect(list.groups.length).toBeGreaterThan(0);
  expect(list.run!.alerts).toBeGreaterThan(list.groups.length * 3);
  const largest = list.groups.toSorted((a, b) => b.alerts - a.alerts)[0]!;

  const detail = (await call('GET', `/api/alert-groups/${largest.id}`)).answer as AlertGroupDetail;
  expect(detail.members).toHaveLength(Math.min(200, largest.alerts));
  expect(detail.members[0]!.role).toBe('primary');
  expect(detail.subgraph.nodes.some(({ isRoot }) => isRoot)).toBe(true);
  expect(detail.causes[0]!.reasons.length).toBeGreaterThan(0);

  const timeline = (await call('GET', `/api/alert-groups/${largest.id}/timeline`)).answer as GroupTimeline;
  expect(timeline.buckets.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(largest.alerts);

  const given = await call('POST', `/api/alert-groups/${largest.id}/feedback`, {
    kind: 'confirm',
    author: 'Ada',
  });
  const said = given.answer as GroupFeedbackAnswer;
  expect({ status: given.status, kind: said.kind, group: said.groupId }).toEqual({
    status: 200,
    kind: 'confirm',
    group: largest.id,
  });
  const after = (await call('GET', `/api/alert-groups/${largest.id}?members=0`)).answer as AlertGroupDetail;
  expect(after.said).toHaveLength(1);
});

test('settings are tried over HTTP before they are saved', async () => {
  const body = { days: 1, settings: { TIME_WINDOW_MINUTES: 5 } };
  const { status, answer: given } = await call('POST', '/api/alert-groups/preview', body);
  const answer = given as GroupPreview;
  expect(status).toBe(200);
  expect(answer.before.settings['TIME_WINDOW_MINUTES']).toBe(15);
  expect(answer.before.alerts).toBeGreaterThan(0);
});

test.each([
  ['GET', '/api/alert-groups?hours=0', undefined, 400, 'INPUT_INVALID'],
  ['GET', '/api/alert-groups/g-nothing', undefined, 404, 'NOT_FOUND'],
  ['GET', '/api/alert-groups/Robert%27); DROP', undefined, 400, 'INPUT_INVALID'],
  ['POST', '/api/alert-groups/g-nothing/feedback', { kind: 'agree', author: 'Ada' }, 400, 'INPUT_INVALID'],
  ['POST', '/api/alert-groups/g-nothing/feedback', { kind: 'confirm', author: 'Ada' }, 404, 'NOT_FOUND'],
  ['POST', '/api/alert-groups/preview', { settings: {} }, 400, 'INPUT_INVALID'],
] as const)('%s %s is answered with a code', async (method, path, body, status, code) => {
  const refused = await call(method, path, body);
  expect({
    status: refused.status,
    code: (refused.answer as { error: { code: string } }).error.code,
  }).toEqual({ status, code });
});

test('the status shows the pipelines and queues of alerts', async () => {
  const answer = (await call('GET', '/api/status')).answer as PipelineStatus;
  const pipelines = new Map(answer.pipelines.map(({ pipeline, lastRun }) => [pipeline, lastRun?.status]));
  expect(pipelines.get('alert-group')).toBe('ok');
  expect(pipelines.get('alert-train')).toBe('ok');
  const queues = answer.queues.map(({ queue }) => queue);
  expect(queues).toEqual(expect.arrayContaining(['alert-batches', 'alert-group-requests']));
});
