import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evaluateDetectors } from '../../../../src/anomalies/evaluate/detectors';
import { seededRandom } from '../../../../src/contracts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-detectors-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Rows of metrics that move together; in the middle of the labelled ones they come apart. */
function lines(rows: number, columns: number, labelled: boolean, seed: number): string {
  const random = seededRandom(seed);
  const names = Array.from({ length: columns }, (_, column) => `m${column + 1}`);
  const text = [['minute', ...names, ...(labelled ? ['anomaly'] : [])].join()];
  for (let row = 0; row < rows; row++) {
    const faulty = labelled && row >= rows / 2 && row < rows / 2 + 40;
    const cells = names.map((_, column) => {
      const level = Math.sin(row / 30) + 0.1 * random.normal();
      return (faulty && column < 2 ? -level + 2 : level).toFixed(4);
    });
    text.push([String(row), ...cells, ...(labelled ? [faulty ? '1' : '0'] : [])].join());
  }
  return `${text.join('\n')}\n`;
}

const put = (name: string, text: string): Promise<void> =>
  writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
const detectors = ['isolation_forest', 'linear_residuals'];

describe('the evaluation of detectors', () => {
  test('reads machines of any width, gzipped or plain, and gives figures per series and their means', async () => {
    await put('one_train.csv.gz', lines(800, 4, false, 1));
    await put('one_test.csv.gz', lines(600, 4, true, 2));
    await put('two.b_train.csv', lines(500, 7, false, 3));
    await put('two.b_test.csv', lines(400, 7, true, 4));
    const evaluation = await evaluateDetectors(folder, { detectors, seed: 1 });
    expect(evaluation.series).toEqual(['one', 'two.b']);
    expect(evaluation.skipped).toEqual([]);
    const { series, meanAucPr, meanBestF1 } = evaluation.detectors['linear_residuals']!;
    expect(meanAucPr).toBeCloseTo((series['one']!.aucPr + series['two.b']!.aucPr) / 2, 12);
    expect(meanBestF1).toBeCloseTo((series['one']!.bestF1 + series['two.b']!.bestF1) / 2, 12);
    expect(meanAucPr).toBeGreaterThan(0.6);
    expect(evaluation.auto).toBeUndefined();
  });

  test('does not see the labels: turned around, they change no score but only the figures', async () => {
    await put('one_train.csv', lines(500, 3, false, 1));
    const test = lines(300, 3, true, 2);
    await put('one_test.csv', test);
    const straight = await evaluateDetectors(folder, { detectors: ['linear_residuals'], seed: 1 });
    await put(
      'one_test.csv',
      test.replaceAll(/,([01])$/gm, (_, label) => `,${1 - Number(label)}`),
    );
    const turned = await evaluateDetectors(folder, { detectors: ['linear_residuals'], seed: 1 });
    expect(straight.detectors['linear_residuals']!.meanAucPr).toBeGreaterThan(0.5);
    expect(turned.detectors['linear_residuals']!.meanAucPr).toBeLessThan(0.9);
  });

  test('columns in another order and columns that one part lacks change nothing', async () => {
    const train = lines(500, 3, false, 1);
    const test = lines(300, 3, true, 2);
    await put('one_train.csv', train);
    await put('one_test.csv', test);
    const straight = await evaluateDetectors(folder, { detectors, seed: 1 });
    const reordered = test
      .trim()
      .split('\n')
      .map((line, row) => `${row === 0 ? 'extra' : row},${line.split(',').reverse().join()}`);
    await put('one_test.csv', reordered.join('\n'));
    const mixed = await evaluateDetectors(folder, { detectors, seed: 1 });
    const figures = (evaluation: typeof mixed): number[] =>
      detectors.map((name) => evaluation.detectors[name]!.meanAucPr);
    expect(figures(mixed)).toEqual(figures(straight));
  });

  test('a machine that cannot be judged is left out with the reason, the others are judged', async () => {
    await put('good_train.csv', lines(300, 3, false, 1));
    await put('good_test.csv', lines(200, 3, true, 2));
    await put('alone_train.csv', lines(300, 3, false, 1));
    await put('calm_train.csv', lines(300, 3, false, 1));
    await put('calm_test.csv', lines(300, 3, true, 1).replaceAll(/,1$/gm, ',0'));
    await put('words_train.csv', 'minute,m1\n0,high\n');
    await put('words_test.csv', lines(200, 1, true, 1));
    await put('unlabelled_train.csv', lines(300, 3, false, 1));
    await put('unlabelled_test.csv', lines(300, 3, false, 1));
    await writeFile(join(folder, 'broken_train.csv.gz'), 'no gzip');
    await put('broken_test.csv', lines(200, 1, true, 1));
    const evaluation = await evaluateDetectors(folder, { detectors: ['isolation_forest'], seed: 1 });
    expect(evaluation.series).toEqual(['good']);
    const reasons = Object.fromEntries(evaluation.skipped.map(({ series, reason }) => [series, reason]));
    expect(reasons).toEqual({
      alone: expect.stringContaining('NOT_FOUND'),
      broken: expect.stringContaining('FILE_MALFORMED'),
      calm: expect.stringContaining('LABELS_ONE_CLASS'),
      unlabelled: expect.stringContaining('FILE_COLUMN_MISSING'),
      words: expect.stringContaining('row 0, column m1'),
    });
  });

  test('a folder without machines, and a detector that does not exist, are refused', async () => {
    const options = { detectors: ['isolation_forest'], seed: 1 };
    await expect(evaluateDetectors(folder, options)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(evaluateDetectors(join(folder, 'none'), options)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(evaluateDetectors(folder, { detectors: ['oracle'], seed: 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      culprit: { detector: 'oracle' },
    });
  });

  test('stops when it is told to', async () => {
    await put('one_train.csv', lines(300, 3, false, 1));
    await put('one_test.csv', lines(200, 3, true, 2));
    const run = { signal: AbortSignal.abort() };
    await expect(evaluateDetectors(folder, { detectors, seed: 1 }, run)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  test('linear residuals rank the rows of a real server well without its labels', async () => {
    const machines = join(process.cwd(), '..', 'shared', 'data', 'metrics', 'smd');
    if (!existsSync(machines)) throw new Error(`${machines} is needed for this test`);
    for (const part of ['train', 'test']) {
      const file = `machine-3-3_${part}.csv.gz`;
      await copyFile(join(machines, file), join(folder, file));
    }
    const evaluation = await evaluateDetectors(folder, { detectors: ['linear_residuals'], seed: 42 });
    // The distance from the principal subspace, a strong baseline, reaches 0.19 here.
    expect(evaluation.detectors['linear_residuals']!.meanAucPr).toBeGreaterThan(0.55);
  });
});
