import { describe, expect, test } from '@jest/globals';
import { Heard, withHosts } from './fixtureHost';

const master = 'the-master-key-of-the-tests';
const hostKey = 'a-host-key-of-the-tests';
const functionKey = 'a-function-key-of-the-tests';
const environment = {
  FUNCTIONS_HOST_KEYS: JSON.stringify({
    master,
    host: { default: hostKey },
    functions: { Guarded: { default: functionKey } },
  }),
};

describe('keys', () => {
  const start = withHosts();
  const status = async (address: string, key?: string) =>
    (await fetch(address, key === undefined ? {} : { headers: { 'x-functions-key': key } })).status;

  test('nothing asks for a key while none is set', async () => {
    const { url } = await start('web');
    expect(await status(`${url}/api/guarded`)).toBe(200);
    expect(await status(`${url}/api/masters`)).toBe(200);
  });

  test.each([
    ['teapot', undefined, 418],
    ['guarded', undefined, 401],
    ['guarded', 'a-wrong-key-of-the-tests', 401],
    ['guarded', functionKey, 200],
    ['guarded', hostKey, 200],
    ['guarded', master, 200],
    ['masters', hostKey, 401],
    ['masters', functionKey, 401],
    ['masters', master, 200],
  ])('%s with %s is %d', async (name, key, expected) => {
    const { url } = await start('web', { environment });
    expect(await status(`${url}/api/${name}`, key)).toBe(expected);
    const inQuery = await fetch(`${url}/api/${name}?code=${key ?? ''}`);
    expect(inQuery.status).toBe(expected);
  });

  test('the refusal has no body', async () => {
    const { url } = await start('web', { environment });
    expect(await (await fetch(`${url}/api/guarded`)).text()).toBe('');
  });

  test.each([
    ['no JSON', 'x'],
    ['no master', '{"host":{}}'],
    ['a short key', '{"master":"short"}'],
    ['an unknown part', `{"master":"${master}","other":1}`],
  ])('keys with %s are refused by the name of the setting, never its content', async (_what, text) => {
    await expect(start('web', { environment: { FUNCTIONS_HOST_KEYS: text } })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.not.stringContaining(master),
      culprit: { setting: 'FUNCTIONS_HOST_KEYS' },
    });
  });
});

describe('the admin addresses', () => {
  const start = withHosts();
  const heard = new Heard<{ name: string; done?: boolean }>();
  const timers = { environment: { HOURLY_SCHEDULE: '0 0 5 1 1 *' }, schedulesEnabled: false };
  const post = (address: string, body: string, headers: Record<string, string> = {}) =>
    fetch(address, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  test('list the functions with their bindings', async () => {
    const { url } = await start('timers', timers);
    const list = (await (await fetch(`${url}/admin/functions`)).json()) as { name: string; config: object }[];
    expect(list.map(({ name }) => name).toSorted()).toEqual(['atStart', 'hourly', 'retried']);
    const one = await fetch(`${url}/admin/functions/HOURLY`);
    expect(await one.json()).toMatchObject({
      name: 'hourly',
      language: 'node',
      isDisabled: false,
      config: { bindings: [{ type: 'timerTrigger', schedule: '%HOURLY_SCHEDULE%' }] },
    });
  });

  test('run a function by hand and answer before it has ended', async () => {
    const { url } = await start('timers', timers);
    const answer = await post(`${url}/admin/functions/hourly`, '{}');
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    await heard.next(({ name, done }) => name === 'hourly' && done === true);
  });

  test('tell the state of the host', async () => {
    const { url } = await start('timers', timers);
    expect(await (await fetch(`${url}/admin/host/status`)).json()).toMatchObject({
      state: 'Running',
      running: 0,
    });
    expect((await post(`${url}/admin/host/ping`, '')).status).toBe(200);
  });

  test.each([
    ['functions/nobody', '{}', 404],
    ['functions/hourly/more/yet', '{}', 404],
    ['else', '{}', 404],
    ['functions/hourly', 'no json', 400],
    ['functions/hourly', '[]', 400],
    ['functions/hourly', '', 400],
    ['functions/hourly', `{"input":"${'x'.repeat(1_100_000)}"}`, 413],
  ])('POST %s with %.20s is %d', async (path, body, expected) => {
    const { url } = await start('timers', timers);
    expect((await post(`${url}/admin/${path}`, body)).status).toBe(expected);
  });

  test('what another site can send without asking is refused', async () => {
    const { url } = await start('timers', timers);
    const answer = await post(`${url}/admin/functions/hourly`, '{}', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
  });

  test('an HTTP function is called at its route instead', async () => {
    const { url } = await start('web');
    const answer = await post(`${url}/admin/functions/teapot`, '{}');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('/api/teapot');
  });

  test('need the master key where keys are set', async () => {
    const { url } = await start('timers', {
      ...timers,
      environment: { ...timers.environment, ...environment },
    });
    expect((await fetch(`${url}/admin/functions`)).status).toBe(401);
    expect((await fetch(`${url}/admin/functions`, { headers: { 'x-functions-key': hostKey } })).status).toBe(
      401,
    );
    expect((await fetch(`${url}/admin/functions?code=${master}`)).status).toBe(200);
  });

  test('are closed without keys when the host listens beyond this machine', async () => {
    const { url } = await start('timers', { ...timers, bind: '0.0.0.0' });
    const address = url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${address}/admin/functions`)).status).toBe(401);
  });
});
