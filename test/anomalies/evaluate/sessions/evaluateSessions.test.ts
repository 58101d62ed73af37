import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  evaluateSessions,
  readSessions,
  type LabelledSession,
} from '../../../../src/anomalies/evaluate/sessions';

const hdfs = join(process.cwd(), '..', 'shared', 'data', 'logs', 'hdfs');

describe('sessions of HDFS', () => {
  test('are told apart with an F1 above 0.66 from the labels of one in a hundred, whatever the seed', async () => {
    if (!existsSync(hdfs))
      throw new Error(`the HDFS sessions are not at ${hdfs}; they are needed to judge quality`);
    const evaluation = await evaluateSessions(readSessions(hdfs, 'train'), readSessions(hdfs, 'test'), {
      seed: 42,
      seeds: 3,
      budget: 0.01,
    });
    expect(evaluation).toMatchObject({ trainingSessions: 6352, testSessions: 1588, testAnomalies: 57 });
    for (const { f1, reviewed } of evaluation.seeds) {
      expect(f1).toBeGreaterThan(0.66);
      expect(f1).toBeLessThanOrEqual(evaluation.highestF1ByCounts);
      expect(reviewed).toBe(63);
    }
  }, 120_000);
});

const sessionsOf = (kinds: readonly (readonly [readonly string[], number, 0 | 1])[]): LabelledSession[] =>
  kinds.flatMap(([templates, count, label]) =>
    Array.from({ length: count }, (_, index) => ({
      block: `${templates.join('')}${index}`,
      templates,
      label,
    })),
  );
const options = { seed: 1, seeds: 1, budget: 0.05 };

describe('the evaluation of sessions', () => {
  const train = sessionsOf([
    [['open', 'write', 'close'], 300, 0],
    [['open', 'read', 'close'], 80, 0],
    [['open', 'error'], 20, 1],
  ]);

  test('sees no more training labels than the budget has', async () => {
    let seen = 0;
    const watched = train.map(({ block, templates, label }) => ({
      block,
      templates,
      get label() {
        seen++;
        return label;
      },
    }));
    const evaluation = await evaluateSessions(watched, train, options);
    expect(seen).toBe(20);
    expect(evaluation).toMatchObject({ reviewed: 20, f1: 1, groups: 3 });
  });

  test('gives the same figures for the same seed', async () => {
    expect(await evaluateSessions(train, train, options)).toEqual(
      await evaluateSessions(train, train, options),
    );
  });

  test('refuses a budget that is no share, and test sessions without an anomaly', async () => {
    await expect(evaluateSessions(train, train, { ...options, budget: 2 })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
    const calm = train.filter(({ label }) => label === 0);
    await expect(evaluateSessions(train, calm, options)).rejects.toMatchObject({ code: 'LABELS_ONE_CLASS' });
  });
});

describe('files of sessions', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-sessions-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('are read plain and gzipped', async () => {
    const session = { block: 'b', label: 1, templates: ['open'] };
    await writeFile(join(folder, 'sessions_train.jsonl.gz'), gzipSync(`${JSON.stringify(session)}\n`));
    await writeFile(join(folder, 'sessions_test.jsonl'), `${JSON.stringify(session)}\n\n`);
    expect([readSessions(folder, 'train'), readSessions(folder, 'test')]).toEqual([[session], [session]]);
  });

  test.each([
    ['{"block": "b", "label": 2, "templates": ["open"]}', 'label'],
    ['{"block": "b", "label": 0}', 'templates'],
    ['{"block"', 'no JSON'],
  ])('are refused for a line that is no session: %s', async (line, named) => {
    await writeFile(
      join(folder, 'sessions_test.jsonl'),
      `{"block":"a","label":0,"templates":["x"]}\n${line}\n`,
    );
    expect(() => readSessions(folder, 'test')).toThrow(
      expect.objectContaining({ code: 'FILE_MALFORMED', message: expect.stringContaining(named) }),
    );
    expect(() => readSessions(folder, 'test')).toThrow(/line 2/);
  });

  test('are missed by name', () => {
    expect(() => readSessions(folder, 'train')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
