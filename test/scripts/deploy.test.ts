import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { smokeTest } from '../../scripts/deployment/smokeTest';

/**
 * Stands for the az command line: writes down every call, refuses words that az does not know, and answers
 * `deployment group create` with the outputs of infra/main.bicep.
 */
const fakeAz = (log: string, url: string, failing: string): string => `#!/usr/bin/env node
const words = process.argv.slice(2);
require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(words) + '\\n');
const known = ['deployment group validate', 'deployment group what-if', 'deployment group create',
  'storage blob upload', 'functionapp deployment source'];
const command = words.slice(0, 3).join(' ');
if (!known.includes(command)) { console.error(command + ' is misspelled or not recognized'); process.exit(2); }
if (command === ${JSON.stringify(failing)}) { console.error('InvalidTemplate'); process.exit(1); }
if (command === 'deployment group create') {
  const value = (text) => ({ type: 'String', value: text });
  console.log(JSON.stringify({ functionsAppName: value('qd-app'), url: value(${JSON.stringify(url)}),
    storageAccountName: value('qdstorage'), deploymentContainer: value('deployments') }));
}
`;

describe('quarterdeck deploy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-'));
  const log = join(folder, 'calls.ndjson');
  let server: Server;
  let url: string;
  const answers: number[] = [];

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answers.shift() ?? 200, { 'content-type': 'application/json' });
      response.end('{"status":"ok"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => writeFileSync(log, ''));
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function deploy(
    words: string[],
    failing = '',
  ): Promise<{ code: number; stdout: string; calls: string[][] }> {
    writeFileSync(join(folder, 'az'), fakeAz(log, url, failing));
    chmodSync(join(folder, 'az'), 0o755);
    const child = spawn(
      process.execPath,
      [
        'dist/scripts/quarterdeck.js',
        'deploy',
        '--resource-group',
        'rg',
        '--parameters',
        'my.bicepparam',
        '--json',
        ...words,
      ],
      {
        env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
    const calls = readFileSync(log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
    return { code, stdout, calls };
  }

  test('validates, previews, creates, publishes app and training package, and tests that the app answers', async () => {
    const { code, stdout, calls } = await deploy(['--yes', '--package', folder]);
    expect(code).toBe(0);
    expect(calls.map((words) => words.slice(0, 3).join(' '))).toEqual([
      'deployment group validate',
      'deployment group what-if',
      'deployment group create',
      'storage blob upload',
      'functionapp deployment source',
    ]);
    expect(calls[4]).toEqual(expect.arrayContaining(['qd-app', 'rg', join(folder, 'app.zip')]));
    expect(JSON.parse(stdout)).toEqual({ app: 'qd-app', url, health: { status: 'ok' } });
  });

  test('changes nothing with --what-if', async () => {
    const { code, calls } = await deploy(['--what-if']);
    expect(code).toBe(0);
    expect(calls.map((words) => words[2])).toEqual(['validate', 'what-if']);
  });

  test('stops at a template that does not validate', async () => {
    const { code, calls } = await deploy(['--yes'], 'deployment group validate');
    expect(code).toBe(1);
    expect(calls).toHaveLength(1);
  });

  test('does not create anything without a yes where nobody can be asked', async () => {
    const { code, calls } = await deploy([]);
    expect(code).toBe(1);
    expect(calls.map((words) => words[2])).toEqual(['validate', 'what-if']);
  });

  test('the smoke test waits for an app that is still starting, and gives up on one that stays broken', async () => {
    answers.push(503, 502);
    await expect(smokeTest(url, { patienceMs: 10_000, pauseMs: 1 })).resolves.toEqual({ status: 'ok' });
    answers.push(...Array<number>(50).fill(500));
    await expect(smokeTest(url, { patienceMs: 0, pauseMs: 1 })).rejects.toThrow('500');
    answers.length = 0;
  });
});
