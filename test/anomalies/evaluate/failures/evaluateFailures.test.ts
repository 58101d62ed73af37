import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  boostedFamilies,
  evaluateFailures,
  readMachineTable,
  type FoldLearner,
  type MachineTable,
} from '../../../../src/anomalies/evaluate/failures';
import { seededRandom } from '../../../../src/contracts';
import { matrixFromRows, rowOf } from '../../../../src/learn/matrix';

const ai4i = join(process.cwd(), '..', 'shared', 'data', 'failure', 'ai4i2020', 'ai4i2020.csv');

test('the table of AI4I holds 339 failures of 10,000 machines', () => {
  if (!existsSync(ai4i)) throw new Error(`the AI4I data is not at ${ai4i}; it is needed for this test`);
  const { measured, derived, failed } = readMachineTable(ai4i);
  expect([measured.n, measured.d, derived.d, failed.length]).toEqual([10_000, 6, 9, 10_000]);
  expect(failed.reduce((sum, label) => sum + label, 0)).toBe(339);
});

describe('the evaluation of failures', () => {
  const random = seededRandom(3);
  const rows = Array.from({ length: 150 }, () => [random.integer(3), random.normal(), random.normal()]);
  const measured = matrixFromRows(rows);
  const failed = Uint8Array.from(rows, (row) => Number(row[1]! + row[2]! > 1.5));
  const table: MachineTable = { measured, derived: measured, failed };

  test('judges each learner on five folds of equal size for each seed', async () => {
    const seen: number[][] = [];
    const oracle: FoldLearner = (data, labels, splits) => {
      expect(data).toBe(measured);
      seen.push(splits.folds.map(({ test: held }) => held.length));
      return Promise.resolve(labels);
    };
    const options = { seed: 1, seeds: 2, views: ['measured'] as const };
    const { families, seeds } = await evaluateFailures(table, options, { oracle });
    expect(seeds).toEqual([1, 2]);
    expect(seen).toEqual([Array(5).fill(30), Array(5).fill(30)]);
    expect(families.measured['oracle']).toEqual({ aucPr: 1, bySeed: [1, 1] });
    expect(families.derived).toEqual({});
  });

  test('takes the mean over folds, not over all rows at once', async () => {
    // Perfect within each fold; fold 0 is on another scale, which only a ranking of all rows would notice.
    const shifted: FoldLearner = (_, labels, splits) => {
      const answers = Float64Array.from(labels);
      for (const row of splits.folds[0]!.test) answers[row]! += 10;
      return Promise.resolve(answers);
    };
    const options = { seed: 1, seeds: 1, views: ['measured'] as const };
    const { families } = await evaluateFailures(table, options, { shifted });
    expect(families.measured['shifted']!.aucPr).toBe(1);
  });

  test('our own families find failures that the columns tell', async () => {
    const options = { seed: 1, seeds: 1, views: ['measured'] as const };
    const { families } = await evaluateFailures(table, options, boostedFamilies);
    expect(Object.keys(families.measured)).toEqual(['xgboostStyle', 'catboostStyle']);
    for (const { aucPr } of Object.values(families.measured)) expect(aucPr).toBeGreaterThan(0.7);
  }, 60_000);

  test('refuses to judge no seed', async () => {
    await expect(evaluateFailures(table, { seed: 1, seeds: 0 }, {})).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
  });
});

describe('the table of machines', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-machines-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const header =
    'UDI,Product ID,Type,Air temperature [K],Process temperature [K],Rotational speed [rpm],Torque [Nm],' +
    'Tool wear [min],Machine failure,TWF,HDF,PWF,OSF,RNF';
  const put = async (...lines: string[]): Promise<string> => {
    const file = join(folder, 'machines.csv');
    await writeFile(file, `\uFEFF${lines.join('\n')}\n`);
    return file;
  };

  test('keeps identifiers and failure modes out, whatever they say', async () => {
    const file = await put(
      header,
      '1,M14860,M,298,308.5,1500,40,10,1,1,1,1,1,1',
      '2,L1,L,298,308.5,1500,40,10,0,0,0,0,0,0',
    );
    const { measured, derived, failed } = readMachineTable(file);
    expect([...rowOf(measured, 0)]).toEqual([1, 298, 308.5, 1500, 40, 10]);
    expect([...rowOf(measured, 1)]).toEqual([0, 298, 308.5, 1500, 40, 10]);
    expect([...rowOf(derived, 0)]).toEqual([1, 298, 308.5, 1500, 40, 10, 10.5, 60_000, 400]);
    expect([...failed]).toEqual([1, 0]);
  });

  test('is refused with the column that is missing, the cell that is no value, or no rows', async () => {
    const refused = (file: string): unknown => {
      try {
        return readMachineTable(file);
      } catch (error) {
        return error;
      }
    };
    expect(refused(await put('Type,Machine failure', 'L,0'))).toMatchObject({ code: 'FILE_COLUMN_MISSING' });
    expect(refused(await put(header, '1,a,X,298,308,1500,40,10,1,0,0,0,0,0'))).toMatchObject({
      code: 'FILE_MALFORMED',
      culprit: { column: 'Type', row: 0 },
    });
    expect(refused(await put(header, '1,a,L,298,,1500,40,10,1,0,0,0,0,0'))).toMatchObject({
      code: 'FILE_MALFORMED',
      culprit: { column: 'Process temperature [K]' },
    });
    expect(refused(await put(header))).toMatchObject({ code: 'DATA_EMPTY' });
    expect(refused(join(folder, 'nowhere.csv'))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
