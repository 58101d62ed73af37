import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAzurite } from '../../support/azurite';

const azurite = withAzurite();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-quickstart-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the quickstart to its end, on its own data folder and in the storage of this test. */
function quickstart(dataDir: string, ...words: string[]): Promise<Ended> {
  return run(dataDir, ['--data-dir', join(folder, dataDir), ...words]);
}

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function run(container: string, words: readonly string[]): Promise<Ended> {
  const all = ['quickstart', '--once', '--port', '0', '--servers', '0', '--storms', '0', ...words];
  const environment = { AzureWebJobsStorage: azurite(), QUARTERDECK_ARTIFACTS_CONTAINER: container };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'bin', 'quarterdeck.cjs'), ...all],
      { env: { ...process.env, ...environment }, cwd: folder },
      (error, output, errors) => resolve({ code: Number(error?.code ?? 0), output, errors }),
    );
  });
}

function fileOf(year: number): string {
  const rows = ['printer jams', 'mailbox is full', 'tunnel drops'].map(
    (text, index) => `${year}-${index},The ${text} again,Desk,${year}-07-0${index + 1}T08:00:00Z`,
  );
  const file = join(folder, `${year}.csv`);
  writeFileSync(file, `number,title,team,created\n${rows.join('\n')}\n`);
  return file;
}

const summaryOf = (output: string): unknown => JSON.parse(output.trim().split('\n').at(-1)!);

test('history of a centre that was processed before is processed too', async () => {
  const now = await quickstart('own', '--incidents', fileOf(2026));
  expect(now.code).toBe(0);
  expect(summaryOf(now.output)).toMatchObject({ incidents: 3, preprocessed: 3 });
  const history = await quickstart('own', '--incidents', fileOf(2024));
  expect(history.code).toBe(0);
  expect(summaryOf(history.output)).toMatchObject({ incidents: 6, preprocessed: 6 });
  const again = await quickstart('own');
  expect(again.output).toContain('the tickets that are here already');
  expect(summaryOf(again.output)).toMatchObject({ incidents: 6 });
});

test('a file is refused beside the demo, before anything serves', async () => {
  expect((await quickstart('demo', '--tickets', '1')).code).toBe(0);
  const refused = await quickstart('demo', '--incidents', fileOf(2026));
  expect(refused.code).toBe(2);
  expect(refused.errors).toMatch(/^error INPUT_INVALID: .*--data-dir/m);
  expect(refused.output).toBe('');
});

test('without a folder named, the demo and one’s own tickets each have their own', async () => {
  expect((await run('unnamed-demo', ['--tickets', '1'])).code).toBe(0);
  const own = await run('unnamed-own', ['--incidents', fileOf(2026)]);
  expect(own.code).toBe(0);
  expect(summaryOf(own.output)).toMatchObject({ incidents: 3 });
  expect(own.output).toContain(
    `${join(folder, '.quarterdeck-own')} – name it to other commands with --data-dir`,
  );
});
