import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('words that say nothing', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-usage-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  function quarterdeck(words: readonly string[]): Promise<Ended> {
    const entry = join(process.cwd(), 'dist', 'scripts', 'quarterdeck.js');
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [entry, ...words],
        { cwd: folder, timeout: 50_000 },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
        },
      );
    });
  }

  test.each([
    ['quickstart --once --tickets many', '--tickets'],
    ['quickstart --once --tickets 0', '--tickets'],
    ['quickstart --once --tickets 1e9', '--tickets'],
    ['quickstart --once --port web', '--port'],
    ['quickstart --once --incidents x.csv --period zzz', '--period'],
    ['quickstart --once --incidents x.csv --map Title', '--map'],
    ['quickstart --once --incidents x.csv --map nothing=Title', 'no column nothing'],
    ['import incidents x.csv --period zzz', '--period'],
    ['serve --port 70000', '--port'],
    ['train --year 2026 --quarter q5', '--quarter'],
    ['train --year twenty --quarter q1', '--year'],
    ['train --year 2026 --quarter q1 --max-workers 0', '--max-workers'],
    ['promote --version 2026/q1/../../x', '--version'],
    ['rollback', '--tech-center'],
    ['sail', 'sail'],
  ])('%s ends with 2 and names what is wrong', async (words, named) => {
    const ended = await quarterdeck(words.split(' '));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(named);
    expect(ended.stderr).not.toContain('    at ');
    // Neither the host nor the storage was started for it.
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['broken', '{"Values":'],
    ['encrypted', '{"IsEncrypted":true,"Values":{}}'],
  ])('a %s local.settings.json ends with 2 and is named', async (_how, content) => {
    await writeFile(join(folder, 'local.settings.json'), content);
    const ended = await quarterdeck(['status']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/SETTINGS_INVALID: local\.settings\.json/);
    await rm(join(folder, 'local.settings.json'));
  });

  test('the names of the benchmarks are one JSON document, and a name that is none ends with 2', async () => {
    const list = await quarterdeck(['bench', '--list', '--json']);
    expect(list.code).toBe(0);
    const { benchmarks } = JSON.parse(list.stdout) as { benchmarks: string[] };
    expect(benchmarks.length).toBeGreaterThan(3);
    const unknown = await quarterdeck(['bench', '--only', 'sailing', '--json']);
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test.each([
    ['a file', () => join(folder, 'file')],
    ['below a device', () => '/dev/null/quarterdeck'],
  ])('a data folder that is %s ends with 2 and is named', async (_why, dataDir) => {
    await writeFile(join(folder, 'file'), '');
    const ended = await quarterdeck(['status', '--data-dir', dataDir()]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`DATA_FOLDER_UNUSABLE: the data folder ${dataDir()}`);
    expect(ended.stderr).not.toContain('    at ');
    await rm(join(folder, 'file'));
  });

  describe('with the usual port taken', () => {
    const other = createServer();
    beforeAll(
      () =>
        new Promise<void>((resolve, reject) => {
          // Whoever else holds it does as well.
          other.once('error', (error: NodeJS.ErrnoException) =>
            error.code === 'EADDRINUSE' ? resolve() : reject(error),
          );
          other.listen(7071, '127.0.0.1', resolve);
        }),
    );
    afterAll(() => void other.close());

    test('`serve` says how to get a free one, and `quickstart --once` takes one by itself', async () => {
      const served = await quarterdeck(['serve', '--data-dir', folder]);
      expect(served.code).toBe(1);
      expect(served.stderr).toMatch(/HOST_ADDRESS_TAKEN: .*--port 0/);
      expect(served.stderr).not.toContain('[information]');

      await writeFile(join(folder, 'tickets.csv'), 'nothing\n1\n');
      const incidents = join(folder, 'tickets.csv');
      const ended = await quarterdeck([
        'quickstart',
        '--once',
        '--data-dir',
        folder,
        '--incidents',
        incidents,
      ]);
      expect(ended.stderr).toContain('FILE_COLUMN_MISSING');
    });
  });
});
