import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-kinds-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = join(process.cwd(), 'bin', 'quarterdeck.cjs');
const environment = { ...process.env, QUARTERDECK_LOG_LEVEL: 'silent' };

function quarterdeck(...words: string[]): Promise<{ code: number; document: unknown; errors: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...words, '--json'],
      { env: environment, cwd: folder },
      (error, output, errors) =>
        resolve({
          code: Number(error?.code ?? 0),
          document: output === '' ? undefined : (JSON.parse(output) as unknown),
          errors,
        }),
    );
  });
}

test('the model of alerts is trained, promoted and rolled back by hand', async () => {
  await quarterdeck('demo', 'alerts', '--nodes', '40', '--storms', '3');
  const files = ['--alerts', 'alert_data.csv', '--graph', 'graph_data.json'];
  await quarterdeck('alerts', ...files, '--run-once', '--no-retraining');
  const models = ['--models', 'data/models'];

  const empty = await quarterdeck('alerts', 'train', '--models', 'elsewhere');
  expect(empty).toMatchObject({
    code: 0,
    document: { status: 'skipped', code: 'DATA_TOO_FEW_ROWS', alerts: 0 },
  });

  const first = await quarterdeck('alerts', 'train', ...models);
  expect(first).toMatchObject({ code: 0, document: { status: 'promoted', version: 'v1', resumed: false } });
  const again = await quarterdeck('alerts', 'train', ...models);
  expect(again).toMatchObject({ code: 0, document: { status: 'promoted', version: 'v1', resumed: true } });

  const named = await quarterdeck('alerts', 'promote', ...models, '--version', 'v1');
  expect(named).toMatchObject({ code: 0, document: { pointer: { version: 'v1' } } });
  const nothing = await quarterdeck('alerts', 'promote', ...models);
  expect(nothing.code).toBe(1);
  expect(nothing.errors).toMatch(/MODEL_MISSING/);
  const back = await quarterdeck('alerts', 'rollback', ...models);
  expect(back.code).toBe(1);
  expect(back.errors).toMatch(/there is no earlier version to go back to/);
  const wrong = await quarterdeck('alerts', 'promote', ...models, '--version', 'first');
  expect(wrong.code).toBe(2);
  expect(wrong.errors).toMatch(/such as 2026\/q4\/r1 or v3/);
}, 120_000);
