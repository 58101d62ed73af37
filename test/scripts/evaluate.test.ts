import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const themes = {
  printing: [
    'the printer on floor 2 jams',
    'paper jam in the printer',
    'printer toner is empty, cannot print',
  ],
  mail: ['my mailbox is full', 'outlook does not receive mail', 'shared mailbox is missing in outlook'],
  access: ['account locked after wrong password', 'password reset needed', 'login refused, password expired'],
};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function quarterdeck(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'dist', 'scripts', 'quarterdeck.js'), ...words],
      { timeout: 50_000 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      },
    );
  });
}

describe('quarterdeck evaluate clustering', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-evaluate-'));
    file = join(folder, 'tickets.csv.gz');
    const rows = Object.entries(themes).flatMap(([topic, texts]) =>
      Array.from({ length: 60 }, (_, index) => `"${texts[index % texts.length]!} at desk ${index}",${topic}`),
    );
    await writeFile(file, gzipSync(`body,topic\n${rows.join('\n')}\n`));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('ends with one line of JSON that holds the figures', async () => {
    const ended = await quarterdeck(
      'evaluate',
      'clustering',
      file,
      '--text',
      'body',
      '--label',
      'topic',
      '--json',
    );
    expect(ended).toMatchObject({ code: 0 });
    const lines = ended.stdout.trim().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      n: 180,
      clusters: expect.any(Number),
      noiseShare: expect.any(Number),
      nmi: expect.any(Number),
      ari: expect.any(Number),
      seconds: expect.any(Number),
    });
  });

  test('names the column that a file lacks, and ends as for wrong usage', async () => {
    const ended = await quarterdeck(
      'evaluate',
      'clustering',
      file,
      '--text',
      'text',
      '--label',
      'topic',
      '--json',
    );
    expect(ended).toMatchObject({ code: 2 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'FILE_COLUMN_MISSING' } });
    expect(ended.stderr).toContain('FILE_COLUMN_MISSING');
    expect(ended.stderr).toContain('no column text');
  });

  test('says that a file is missing or empty, and ends as for wrong usage, as an import does', async () => {
    const missing = join(folder, 'none.csv');
    const ended = await quarterdeck('evaluate', 'clustering', missing, '--text', 'a', '--label', 'b');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('NOT_FOUND');
    const empty = join(folder, 'empty.csv');
    await writeFile(empty, '');
    const nothing = await quarterdeck(
      'evaluate',
      'clustering',
      empty,
      '--text',
      'a',
      '--label',
      'b',
      '--json',
    );
    expect(nothing.code).toBe(2);
    expect(JSON.parse(nothing.stdout)).toMatchObject({ error: { code: 'DATA_EMPTY' } });
  });
});
