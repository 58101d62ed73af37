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

describe('quarterdeck evaluate detectors', () => {
  test('ends with one line of JSON that holds the figures of each detector and of auto', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-detectors-'));
    try {
      const lines = (faulty: (row: number) => boolean, label: boolean): string =>
        Array.from({ length: 300 }, (_, row) => {
          const value = Math.sin(row / 9) + (faulty(row) ? 5 : 0);
          const cells = [row, value, Math.cos(row / 9) + (row % 7) / 50];
          return [...cells, ...(label ? [faulty(row) ? 1 : 0] : [])].join();
        }).join('\n');
      await writeFile(join(folder, 'web_train.csv'), `minute,m01,m02\n${lines(() => false, false)}\n`);
      await writeFile(
        join(folder, 'web_test.csv.gz'),
        gzipSync(`minute,m01,m02,anomaly\n${lines((row) => row >= 200 && row < 230, true)}\n`),
      );
      const words = ['--detector', 'isolation_forest', '--detector', 'auto', '--seed', '7', '--json'];
      const ended = await quarterdeck('evaluate', 'detectors', folder, ...words);
      expect(ended).toMatchObject({ code: 0 });
      const result = JSON.parse(ended.stdout) as {
        detectors: Record<string, object>;
        auto: { meanAucPr: number; series: { web: { choice: { chosen: string } } } };
      };
      expect(Object.keys(result.detectors)).toEqual(['isolation_forest', 'auto']);
      expect(result).toMatchObject({
        seed: 7,
        series: ['web'],
        detectors: { isolation_forest: { series: { web: { aucPr: expect.any(Number) } } } },
      });
      expect(result.auto.meanAucPr).toBeGreaterThan(0.3);
      expect(result.auto.series.web.choice.chosen).not.toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('quarterdeck evaluate hdfs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-evaluate-hdfs-'));
    const kinds = [
      { count: 190, label: 0, templates: ['open', 'write', 'close'] },
      { count: 10, label: 1, templates: ['open', 'error'] },
    ];
    const lines = kinds.flatMap(({ count, label, templates }) =>
      Array.from({ length: count }, (_, index) =>
        JSON.stringify({ block: `${label}-${index}`, label, templates }),
      ),
    );
    const bytes = gzipSync(`${lines.join('\n')}\n`);
    await writeFile(join(folder, 'sessions_train.jsonl.gz'), bytes);
    await writeFile(join(folder, 'sessions_test.jsonl.gz'), bytes);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('ends with one line of JSON that holds the figures and what was reviewed', async () => {
    const ended = await quarterdeck('evaluate', 'hdfs', folder, '--budget', '0.1', '--seeds', '2', '--json');
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      f1: 1,
      precision: 1,
      recall: 1,
      aucPr: 1,
      reviewed: 20,
      seeds: [{ seed: 42 }, { seed: 43 }],
    });
  });

  test('refuses a budget that is no share as wrong usage', async () => {
    expect((await quarterdeck('evaluate', 'hdfs', folder, '--budget', '63')).code).toBe(2);
  });
});

describe('quarterdeck evaluate nab', () => {
  let folder: string;
  const minuteMs = 60_000;
  const timeOf = (row: number): string =>
    new Date(Date.parse('2026-01-01T00:00:00Z') + row * 5 * minuteMs)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-evaluate-nab-'));
    const lines = Array.from({ length: 600 }, (_, row) => {
      const faulty = row >= 400 && row < 420;
      return `${timeOf(row)},${Math.sin(row / 9) + (row % 7) / 50 + (faulty ? 9 : 0)}`;
    });
    await writeFile(join(folder, 'one.csv'), `timestamp,value\n${lines.join('\n')}\n`);
    await writeFile(
      join(folder, 'combined_windows.json'),
      JSON.stringify({ 'one.csv': [[timeOf(390), timeOf(430)]] }),
    );
    const CostMatrix = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11, tnWeight: 1 };
    await writeFile(
      join(folder, 'profiles.json'),
      JSON.stringify({
        reward_low_FN_rate: { CostMatrix: { ...CostMatrix, fnWeight: 2 } },
        standard: { CostMatrix },
      }),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('ends with one line of JSON that holds the score of each profile and the figures of each file', async () => {
    const ended = await quarterdeck('evaluate', 'nab', folder, '--json');
    expect(ended).toMatchObject({ code: 0 });
    const result = JSON.parse(ended.stdout.trim().split('\n').at(-1)!) as { readonly standard: number };
    expect(result).toMatchObject({
      reward_low_FN_rate: expect.any(Number),
      thresholds: { standard: expect.any(Number) },
      points: 600,
      files: [{ path: 'one.csv', windows: 1, windowsFound: 1 }],
    });
    expect(result.standard).toBeGreaterThan(50);
    expect(result.standard).toBeLessThanOrEqual(100);
  });

  test('names the file that a folder lacks', async () => {
    await writeFile(join(folder, 'combined_windows.json'), JSON.stringify({ 'two.csv': [] }));
    const ended = await quarterdeck('evaluate', 'nab', folder, '--json');
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(ended.stderr).toContain('two.csv');
  });
});

describe('quarterdeck evaluate ai4i', () => {
  let folder: string;
  let file: string;
  const columns =
    'UDI,Product ID,Type,Air temperature [K],Process temperature [K],Rotational speed [rpm],Torque [Nm],Tool wear [min],Machine failure,TWF,HDF,PWF,OSF,RNF';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-evaluate-ai4i-'));
    file = join(folder, 'machines.csv');
    const lines = Array.from({ length: 300 }, (_, row) => {
      const wear = (row * 37) % 250;
      const fails = wear > 215 ? 1 : 0;
      const air = 298 + (row % 11) / 5;
      return [
        row,
        `M${row}`,
        'LMH'[row % 3],
        air,
        air + 10,
        1_500 + (row % 13),
        40 + (row % 7),
        wear,
        fails,
        fails,
        0,
        0,
        0,
        0,
      ].join();
    });
    await writeFile(file, `${columns}\n${lines.join('\n')}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('ends with one line of JSON that holds the figures of both families, and of a peer or why there is none', async () => {
    const ended = await quarterdeck('evaluate', 'ai4i', file, '--seeds', '1', '--json');
    expect(ended).toMatchObject({ code: 0 });
    const result = JSON.parse(ended.stdout.trim().split('\n').at(-1)!) as {
      readonly xgboostStyle: number;
      readonly catboostStyle: number;
    };
    expect(result).toMatchObject({
      peer: expect.stringContaining('xgboost'),
      seeds: [42],
      seconds: expect.any(Number),
    });
    // One column decides, so whoever learns at all finds nearly all.
    expect(result.xgboostStyle).toBeGreaterThan(0.9);
    expect(result.catboostStyle).toBeGreaterThan(0.9);
  });

  test('names the column that a file lacks', async () => {
    const other = join(folder, 'other.csv');
    await writeFile(other, 'UDI,Type\n1,M\n');
    const ended = await quarterdeck('evaluate', 'ai4i', other);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('FILE_COLUMN_MISSING');
  });
});
