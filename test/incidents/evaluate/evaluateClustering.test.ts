import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateClustering, readColumns, type LabelledText } from '../../../src/incidents';
import { createThreadPool, type ThreadPool } from '../../../src/learn/threads';

const tickets = join(process.cwd(), '..', 'shared', 'data', 'tickets');
const columns = { text: 'text', label: 'intent' };

describe('clustering real questions without their labels', () => {
  let questions: LabelledText[];
  let threads: ThreadPool;
  beforeAll(async () => {
    threads = createThreadPool(2);
    questions = await readColumns(join(tickets, 'banking77_test.csv.gz'), columns);
  });
  afterAll(() => threads.close());

  test('reaches the floors on all of banking77_test, with about as many clusters as intents', async () => {
    expect(questions).toHaveLength(3080);
    const evaluation = await evaluateClustering(questions, { seed: 42, summaryTokens: 256, threads });
    expect(evaluation.nmi).toBeGreaterThanOrEqual(0.7);
    expect(evaluation.ari).toBeGreaterThanOrEqual(0.36);
    expect(evaluation.noiseShare).toBeLessThan(0.25);
    expect(evaluation.clusters).toBeGreaterThan(50);
    expect(evaluation.clusters).toBeLessThan(120);
  });

  test('sees no label: other labels change the scores and nothing else', async () => {
    const some = questions.filter((_, index) => index % 20 === 0);
    const options = { seed: 3, summaryTokens: 256 };
    const first = await evaluateClustering(some, options);
    const second = await evaluateClustering(
      some.map(({ text }, index) => ({ text, label: `label ${index % 4}` })),
      options,
    );
    expect(second.clusters).toBe(first.clusters);
    expect(second.noiseShare).toBe(first.noiseShare);
    expect(second.relativeValidity).toBe(first.relativeValidity);
    expect(second.nmi).toBeLessThan(first.nmi);
  });

  test('takes more texts for the embedder without counting them', async () => {
    const some = questions.filter((_, index) => index % 10 === 0);
    const corpus = questions.filter((_, index) => index % 10 === 1).map(({ text }) => text);
    const evaluation = await evaluateClustering(some, { seed: 3, summaryTokens: 256, corpus });
    expect(evaluation.n).toBe(some.length);
    expect(evaluation.nmi).toBeGreaterThan(0.55);
  });

  test('has nothing to say about no rows', async () => {
    await expect(evaluateClustering([], { seed: 1, summaryTokens: 256 })).rejects.toMatchObject({
      code: 'DATA_EMPTY',
    });
  });
});

describe('reading labelled rows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-evaluate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('names a column that the file lacks', async () => {
    const path = join(folder, 'rows.csv');
    await writeFile(path, 'text,topic\nprinter is broken,printing\n');
    await expect(readColumns(path, columns)).rejects.toMatchObject({
      code: 'FILE_COLUMN_MISSING',
      culprit: { column: 'intent' },
    });
    await expect(readColumns(path, { text: 'text', label: 'topic' })).resolves.toEqual([
      { text: 'printer is broken', label: 'printing' },
    ]);
  });

  test('refuses a file with a row that cannot be read', async () => {
    const path = join(folder, 'malformed.csv');
    await writeFile(path, 'text,intent\nfine,a\ntoo,many,cells,here\n');
    await expect(readColumns(path, columns)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      culprit: { row: 2 },
    });
  });
});
