import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withAzurite } from '../support/azurite';
import { dataset, project } from '../support/bigquery';
import { BigQueryServer } from '../support/bigqueryServer/server';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = process.cwd();
const withoutDevelopmentPackages = join(root, 'test', 'fixtures', 'scripts', 'refuseDevelopmentPackages.cjs');

/** Runs Node.js in the folder of the app, where development packages cannot be loaded. */
function deployed(words: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--require', withoutDevelopmentPackages, ...words],
      { cwd: root, env: { PATH: process.env['PATH'], ...environment }, timeout: 50_000 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      },
    );
  });
}

const quarterdeck = join('dist', 'scripts', 'quarterdeck.js');
const commands = [
  'quickstart',
  'import incidents',
  'preprocess',
  'serve',
  'train',
  'promote',
  'rollback',
  'predict',
  'status',
  'evaluate clustering',
  'bench',
  'deploy',
];

describe('an installation without development packages', () => {
  test('the test does refuse them', async () => {
    const ended = await deployed(['--eval', "require('@duckdb/node-api')"]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('not installed where the app is deployed');
  });

  test('loads every function', async () => {
    const { stdout, stderr } = await deployed([join('test', 'fixtures', 'host', 'loadAsWorker.cjs')]);
    expect(stderr).toBe('');
    expect((JSON.parse(stdout) as { functions: unknown[] }).functions.length).toBeGreaterThan(10);
  });

  test.each(commands)('tells what `%s` takes', async (words) => {
    const ended = await deployed([quarterdeck, ...words.split(' '), '--help']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain(`Usage: quarterdeck ${words}`);
  });
});

test('where no storage is named, the missing setting is, not a package', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-deployed-'));
  const ended = await deployed([quarterdeck, 'status', '--data-dir', folder]);
  await rm(folder, { recursive: true });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/SETTINGS_INVALID: .*AzureWebJobsStorage/);
});

describe('the training machine', () => {
  const azurite = withAzurite();
  let warehouse: BigQueryServer;
  beforeAll(async () => {
    warehouse = await BigQueryServer.start({ project, location: 'EU' });
  });
  afterAll(() => warehouse.stop());

  const settings = (): Record<string, string> => ({
    QUARTERDECK_WAREHOUSE: 'bigquery',
    BIGQUERY_PROJECT: project,
    BIGQUERY_DATASET: dataset,
    BIGQUERY_API_ENDPOINT: warehouse.endpoint,
    AzureWebJobsStorage: azurite(),
    QUARTERDECK_ARTIFACTS_CONTAINER: `test-${randomUUID()}`,
  });
  const firstBootFile = readFileSync(join(root, 'infra', 'modules', 'training.cloud-init.yaml'), 'utf8');
  const command = /ExecStart=\/opt\/quarterdeck\/node\/bin\/node (.+)/.exec(firstBootFile)![1]!.split(' ');

  test('its timer’s command trains the quarter that ended last', async () => {
    const before = new Date();
    const ended = await deployed(command, settings());
    const after = new Date();
    expect(ended).toMatchObject({ code: 0 });
    const ending = (now: Date): { year: number; quarter: string } => {
      const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (now.getUTCMonth() % 3), 0));
      return { year: last.getUTCFullYear(), quarter: `q${Math.floor(last.getUTCMonth() / 3) + 1}` };
    };
    const { year, quarter, centers } = JSON.parse(ended.stdout) as Record<string, unknown>;
    // Twice, because a quarter may end meanwhile.
    expect([ending(before), ending(after)]).toContainEqual({ year, quarter });
    expect(centers).toEqual([]);
  });

  test('a year without a quarter is refused', async () => {
    const ended = await deployed([quarterdeck, 'train', '--year', '2026'], settings());
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('--quarter');
  });

  test('its unit starts in a folder that the first run has yet to fetch', () => {
    expect(firstBootFile).toMatch(/WorkingDirectory=-\/opt\/quarterdeck\n/);
    expect(firstBootFile).toMatch(/ExecStartPre=\/usr\/local\/bin\/quarterdeck-update\n/);
  });
});
