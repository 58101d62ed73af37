import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fixtureRoot, outerProcess, withHosts } from './fixtureHost';

const env = (outerProcess as unknown as NodeJS.Process).env;

describe('an app that cannot start', () => {
  const start = withHosts();

  test.each([
    ['twice', 'function "Same" is registered twice', { file: 'functions/two.cjs' }],
    ['throws', 'functions/unfinished.cjs cannot be loaded', { file: 'functions/unfinished.cjs' }],
    ['strange', 'function "strange": this host has no "cosmosDBTrigger"', { function: 'strange' }],
    ['unbuilt', 'no file matches "main": "functions/*.cjs"', { file: 'package.json' }],
    ['absent', 'host.json of the app cannot be read', { file: 'host.json' }],
  ])('%s: %s', async (app, message, culprit) => {
    await expect(start(app)).rejects.toMatchObject({
      code: 'FUNCTIONS_APP_INVALID',
      message: expect.stringContaining(message),
      culprit,
    });
  });

  test('leaves nothing behind: the port and the environment are as before', async () => {
    const port = Number(new URL((await start('web')).url).port) + 1;
    await expect(start('strange', { port, environment: { FIXTURE_LEFT: 'x' } })).rejects.toThrow(
      'cosmosDBTrigger',
    );
    expect(env['FIXTURE_LEFT']).toBeUndefined();
    expect((await start('web', { port })).url).toContain(String(port));
  });
});

describe('configuration', () => {
  const start = withHosts();
  let root = '';
  beforeEach(() => {
    // Inside of the project, so that the app finds @azure/functions.
    mkdirSync(join(process.cwd(), 'dist', 'test'), { recursive: true });
    root = mkdtempSync(join(process.cwd(), 'dist', 'test', 'app-'));
    cpSync(fixtureRoot('web'), root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const settings = (value: unknown) =>
    writeFileSync(join(root, 'local.settings.json'), JSON.stringify(value));
  const hostJson = (value: unknown) => writeFileSync(join(root, 'host.json'), JSON.stringify(value));
  const read = async (url: string, name: string) => (await fetch(`${url}/api/setting?name=${name}`)).text();

  test('local.settings.json fills the environment, which wins over it, and is taken back at the stop', async () => {
    settings({ IsEncrypted: false, Values: { FIXTURE_A: 'file', FIXTURE_B: 'file', FIXTURE_C: 7 } });
    env['FIXTURE_B'] = 'process';
    const host = await start('', { root, environment: { FIXTURE_D: 'given' } });
    expect(await read(host.url, 'FIXTURE_A')).toBe('file');
    expect(await read(host.url, 'FIXTURE_B')).toBe('process');
    expect(await read(host.url, 'FIXTURE_C')).toBe('7');
    expect(await read(host.url, 'FIXTURE_D')).toBe('given');
    await host.stop();
    expect([env['FIXTURE_A'], env['FIXTURE_B'], env['FIXTURE_D']]).toEqual([undefined, 'process', undefined]);
    delete env['FIXTURE_B'];
  });

  test('encrypted or broken local settings are refused clearly', async () => {
    settings({ IsEncrypted: true, Values: { A: 'x' } });
    await expect(start('', { root })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining('is encrypted'),
    });
    writeFileSync(join(root, 'local.settings.json'), '{');
    await expect(start('', { root })).rejects.toThrow('is not JSON');
    settings({ Values: { A: {} } });
    await expect(start('', { root })).rejects.toThrow('Values.A');
  });

  test('cross-origin requests are answered for the origins of local.settings.json only', async () => {
    settings({ Host: { CORS: 'http://allowed.example', CORSCredentials: true } });
    const { url } = await start('', { root });
    const ask = async (origin: string) =>
      (
        await fetch(`${url}/api/teapot`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'x-a',
          },
        })
      ).headers;
    const allowed = await ask('http://allowed.example');
    expect(allowed.get('access-control-allow-origin')).toBe('http://allowed.example');
    expect(allowed.get('access-control-allow-methods')).toBe('POST');
    expect(allowed.get('access-control-allow-headers')).toBe('x-a');
    expect(allowed.get('access-control-allow-credentials')).toBe('true');
    expect((await ask('http://other.example')).get('access-control-allow-origin')).toBeNull();
  });

  test('host.json: route prefix, headers for every answer, and how many requests may wait', async () => {
    hostJson({
      version: '2.0',
      extensions: {
        http: {
          routePrefix: '',
          customHeaders: { 'X-Content-Type-Options': 'nosniff' },
          maxConcurrentRequests: 1,
          maxOutstandingRequests: 1,
        },
      },
    });
    const { url } = await start('', { root });
    const answer = await fetch(`${url}/items/5`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const waiting = new Promise<void>((resolve) => outerProcess.once('fixture', () => resolve()));
    const first = fetch(`${url}/waits?name=first`);
    await waiting;
    expect((await fetch(`${url}/items/5`)).status).toBe(429);
    outerProcess.emit('release first');
    expect((await first).status).toBe(200);
    expect((await fetch(`${url}/items/5`)).status).toBe(200);
  });

  test('a function that runs longer than functionTimeout fails', async () => {
    hostJson({ version: '2.0', functionTimeout: '00:00:00.05' });
    const log: string[] = [];
    const { url } = await start('', { root, log: (line) => log.push(line) });
    expect((await fetch(`${url}/api/waits?name=late`)).status).toBe(500);
    expect(log.join('\n')).toContain('longer than functionTimeout');
    outerProcess.emit('release late');
  });

  test.each([
    [{ version: '1.0' }, 'version'],
    [{ version: '2.0', functionTimeout: 'soon' }, 'functionTimeout: "soon" is no time span'],
    [{ version: '2.0', extensions: { queues: { batchSize: 33 } } }, 'extensions.queues.batchSize'],
  ])('host.json %j is refused: %s', async (value, why) => {
    hostJson(value);
    await expect(start('', { root })).rejects.toMatchObject({
      code: 'FUNCTIONS_APP_INVALID',
      message: expect.stringContaining(why),
    });
  });

  test('a disabled function has no route and runs not at all', async () => {
    const host = await start('', { root, environment: { 'AzureWebJobs.teapot.Disabled': 'true' } });
    expect((await fetch(`${host.url}/api/teapot`)).status).toBe(404);
    expect(host.functions.find(({ name }) => name === 'teapot')).toEqual({
      name: 'teapot',
      trigger: 'httpTrigger',
      disabled: true,
    });
    await expect(host.invoke('teapot')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['admin/x', 'belongs to the host'],
    ['runtime', 'belongs to the host'],
    ['a/{id', 'is not closed'],
    ['a/{id:nope}', 'no route constraint "nope"'],
    ['a/{*rest}/b', 'must be the last segment'],
    ['a/{id}/{ID}', 'stands there twice'],
    ['a//b', 'empty segment'],
    ['a/{x}{y}', 'side by side'],
    ['a?b', 'outside of a parameter'],
  ])('the route %s is refused: it %s', async (route, why) => {
    hostJson({ version: '2.0', extensions: { http: { routePrefix: '' } } });
    writeFileSync(
      join(root, 'functions', 'bad.cjs'),
      `require('@azure/functions').app.http('bad', { route: ${JSON.stringify(route)}, handler: () => ({}) });`,
    );
    await expect(start('', { root })).rejects.toMatchObject({
      code: 'FUNCTIONS_APP_INVALID',
      message: expect.stringContaining(why),
      culprit: { function: 'bad' },
    });
  });
});
