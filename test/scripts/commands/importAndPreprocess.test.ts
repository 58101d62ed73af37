import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAzurite } from '../../support/azurite';

const azurite = withAzurite();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line as a user does. */
function quarterdeck(...words: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'bin', 'quarterdeck.cjs'), ...words, '--data-dir', folder],
      { env: { ...process.env, AzureWebJobsStorage: azurite(), QUARTERDECK_LOG_LEVEL: 'warning' } },
      (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), lines: stdout.trim().split('\n'), errors: stderr }),
    );
  });
}

test('a file is imported and preprocessed; standard output is one JSON document each', async () => {
  const file = join(folder, 'tickets.csv');
  const things = ['printer', 'mailbox', 'tunnel', 'badge'];
  const rows = Array.from(
    { length: 40 },
    (_, i) => `"The ${things[i % 4]} of team ${i % 7} fails again",Team ${i % 2}`,
  );
  writeFileSync(file, `Title,Squad\n${rows.join('\n')}\n`);
  const imported = await quarterdeck(
    'import',
    'incidents',
    file,
    '--json',
    '--period',
    '2026q3',
    '--map',
    'short_description=Title,tech_center=Squad',
  );
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.lines).toHaveLength(1);
  expect(JSON.parse(imported.lines[0]!)).toMatchObject({
    rows: 40,
    counts: { stored: 40, quarantined: 0 },
    derived: { number: 'hash of the content', sys_created_on: 'spread over 2026q3' },
  });
  const processed = await quarterdeck('preprocess', '--json', '--tech-center', 'Team 1');
  expect(processed).toMatchObject({ code: 0 });
  const { runs } = JSON.parse(processed.lines[0]!) as {
    runs: { scope: string; status: string; counts: object }[];
  };
  expect(runs).toMatchObject([{ scope: 'Team 1', status: 'ok', counts: { stored: 20 } }]);
});

test('bad words and bad files end with 2, a code, and what to do', async () => {
  const file = join(folder, 'tickets.csv');
  writeFileSync(file, 'Title\nVPN drops\n');
  const missing = await quarterdeck('import', 'incidents', file, '--period', '2026q3', '--json');
  expect(missing.code).toBe(2);
  expect(missing.errors).toContain('FILE_COLUMN_MISSING');
  expect(missing.errors).toContain('--tech-center NAME');
  expect(JSON.parse(missing.lines[0]!)).toMatchObject({ error: { code: 'FILE_COLUMN_MISSING' } });
  expect((await quarterdeck('import', 'incidents', join(folder, 'none.csv'))).code).toBe(2);
  expect((await quarterdeck('import', 'incidents', file, '--period', 'soon')).code).toBe(2);
  expect((await quarterdeck('preprocess', '--tech-center', 'Nobody')).code).toBe(2);
  expect((await quarterdeck('preprocess', '--everything')).code).toBe(2);
});

test('rows that are set aside are shown, and the import ends as done in part', async () => {
  const file = join(folder, 'tickets.csv');
  const empty = Array.from({ length: 7 }, () => 'SAP,');
  writeFileSync(file, `team,text\n${['SAP,the printer jams', ...empty].join('\n')}\n`);
  const imported = await quarterdeck('import', 'incidents', file, '--period', '2026q3');
  expect(imported.code).toBe(3);
  const shown = imported.lines.filter((line) => /^ +row \d/.test(line)).map((line) => line.trim());
  expect(shown).toEqual(
    [2, 3, 4, 5, 6].map((row) => `row ${row}: TEXT_EMPTY – neither a short description nor a description`),
  );
});

test('an error is told once', async () => {
  const file = join(folder, 'tickets.csv');
  writeFileSync(file, 'a,b\n1,2\n');
  const { errors } = await quarterdeck('import', 'incidents', file, '--period', '2026q3');
  expect(errors.split('FILE_COLUMN_MISSING')).toHaveLength(2);
});
