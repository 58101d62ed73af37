import { describe, expect, test } from '@jest/globals';
import { listChanges, receiveChanges } from '../../../src/alerts';
import { withPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);

const deployment = (state?: string, at = '2026-10-05T11:40:00Z'): object => ({
  ...(state === undefined
    ? { action: 'created' }
    : {
        deployment_status: {
          state,
          created_at: at,
          environment: 'production',
          description: '',
          target_url: 'https://ci/7',
        },
      }),
  deployment: {
    id: 145988746,
    sha: 'a10867b14bb761a232cd80139fbd4c0d33264240',
    ref: 'v1.8.2',
    task: 'deploy',
    environment: 'production',
    description: null,
    created_at: '2026-10-05T11:30:00Z',
    creator: { login: 'ann' },
  },
  repository: {
    name: 'checkout',
    full_name: 'example/checkout',
    html_url: 'https://github/example/checkout',
  },
  sender: { login: 'ann' },
});

describe('changes', () => {
  test('are taken one alone, as a list or under `changes`, and listed newest first', async () => {
    const platform = await platforms({ environment: { ALERT_TIME_ZONE: 'Europe/Berlin' } });
    const one = { service: 'cart', version: '7', at: '2026-10-05 13:00', status: 'success', author: 'ann' };
    expect(await receiveChanges(platform, one, signal)).toMatchObject({ accepted: 1, rejected: [] });
    await receiveChanges(platform, [{ ...one, version: '8', at: '2026-10-05T11:10:00Z' }], signal);
    const flag = { kind: 'Feature Flag', title: 'new basket on', labels: { flag: 'basket' } };
    await receiveChanges(platform, { changes: [flag] }, signal);
    const { changes } = await listChanges(platform, { limit: 10 }, signal);
    expect(changes).toMatchObject([
      { kind: 'feature-flag', service: null, title: 'new basket on', at: '2026-10-05T12:00:00.000000Z' },
      { kind: 'deployment', service: 'cart', title: 'cart 8', at: '2026-10-05T11:10:00.000000Z' },
      { version: '7', at: '2026-10-05T11:00:00.000000Z', status: 'success', author: 'ann', source: 'plain' },
    ]);
    const cart = await listChanges(platform, { service: 'cart', limit: 1 }, signal);
    expect(cart.changes).toEqual([changes[1]]);
    const early = await listChanges(platform, { to: '2026-10-05T11:05:00Z', limit: 10 }, signal);
    expect(early.changes).toEqual([changes[2]]);
    await expect(listChanges(platform, { from: 'soon', limit: 1 }, signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('of GitHub are one deployment in the state last told', async () => {
    const platform = await platforms();
    const { changeIds } = await receiveChanges(platform, deployment(), signal);
    await receiveChanges(platform, deployment('in_progress'), signal);
    await receiveChanges(platform, deployment('success'), signal);
    expect((await listChanges(platform, { limit: 10 }, signal)).changes).toEqual([
      {
        changeId: changeIds[0],
        source: 'github',
        kind: 'deployment',
        service: 'checkout',
        title: 'checkout v1.8.2 to production',
        description: '',
        version: 'v1.8.2',
        status: 'success',
        at: '2026-10-05T11:30:00.000000Z',
        finishedAt: '2026-10-05T11:40:00.000000Z',
        author: 'ann',
        url: 'https://ci/7',
        labels: {
          environment: 'production',
          sha: 'a10867b14bb761a232cd80139fbd4c0d33264240',
          task: 'deploy',
          repository: 'example/checkout',
        },
        arrivedAt: '2026-10-05T12:00:00.000000Z',
      },
    ]);
    const ping = { zen: 'Design for failure.', hook_id: 1 };
    expect(await receiveChanges(platform, ping, signal)).toMatchObject({ accepted: 0, ignored: 1 });
  });

  test('of PagerDuty are read, and the key that they carry is not kept', async () => {
    const platform = await platforms();
    const event = {
      routing_key: 'secret-routing-key',
      payload: {
        summary: 'Build #7 to production',
        timestamp: '2026-10-05T11:17:09.885Z',
        source: 'acme-build',
        custom_details: { service: 'cart', version: '7' },
      },
      links: [{ href: 'https://acme/build/7', text: 'build' }],
    };
    await receiveChanges(platform, event, signal);
    const { changes } = await listChanges(platform, { limit: 1 }, signal);
    expect(changes).toMatchObject([{ service: 'cart', version: '7', url: 'https://acme/build/7' }]);
    expect(JSON.stringify(changes)).not.toContain('secret-routing-key');
  });

  test('that are none are set aside with the reason, and the others are taken', async () => {
    const platform = await platforms();
    const receipt = await receiveChanges(
      platform,
      [
        'text',
        {},
        { title: 'x', at: 'soon' },
        { title: 'x', at: '2026-10-05T11:00:00Z', finishedAt: '2026-10-05T10:00:00Z' },
        { title: 'x', at: '2026-12-05T11:00:00Z' },
        { title: 'good' },
      ],
      signal,
    );
    expect(receipt.accepted).toBe(1);
    const expected = [
      [0, 'RECORD_MALFORMED'],
      [1, 'NAME_MISSING'],
      [2, 'TIME_INVALID'],
      [3, 'END_BEFORE_START'],
      [4, 'TIME_OUT_OF_RANGE'],
    ];
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual(expected);
    const aside = await platform.warehouse.quarantined({ source: 'alerts', limit: 10 }, signal);
    expect(aside.map(({ reasonCode }) => reasonCode).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      expected.map(([, code]) => String(code)).sort((a, b) => (a < b ? -1 : 1)),
    );
  });
});
