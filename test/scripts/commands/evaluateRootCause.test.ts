import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RootCauseEvaluation } from '../../../src/alerts/evaluate/rootCause';

const folder = join(process.cwd(), '..', 'shared', 'data', 'rootcause', 'petshop');

function evaluate(of: string): Promise<{ code: number; stdout: string }> {
  const program = join(process.cwd(), 'dist', 'scripts', 'quarterdeck.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, 'evaluate', 'root-cause', of, '--json'],
      { timeout: 50_000, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout }),
    );
  });
}

describe('quarterdeck evaluate root-cause on the faults injected into PetShop', () => {
  let evaluation: RootCauseEvaluation;

  beforeAll(async () => {
    if (!existsSync(folder)) {
      throw new Error(`this test reads the PetShop data set in ${folder}, which is not there`);
    }
    const { code, stdout } = await evaluate(folder);
    if (code !== 0) throw new Error(`the command ended with ${code}: ${stdout}`);
    evaluation = JSON.parse(stdout) as RootCauseEvaluation;
  });

  test('for every kind of fault the root comes first more often than published, and always among three', () => {
    const beaten = evaluation.kinds.filter(({ published }) => published.length > 0);
    expect(beaten.map(({ kind }) => kind)).toEqual([
      'high-traffic availability',
      'high-traffic latency',
      'low-traffic availability',
      'low-traffic latency',
    ]);
    for (const { methods, published } of beaten) {
      expect(methods['quarterdeck']!.top1).toBeGreaterThan(published[0]!.top1);
      expect(methods['quarterdeck']!.top3).toBeGreaterThanOrEqual(published[0]!.top3);
    }
  });

  test('no other method of the run names more roots', () => {
    const { quarterdeck, ...others } = evaluation.overall.methods;
    for (const { top1, top3 } of Object.values(others)) {
      expect(quarterdeck!.top1).toBeGreaterThan(top1);
      expect(quarterdeck!.top3).toBeGreaterThanOrEqual(top3);
    }
  });

  test('the traffic that has no faultless metrics borrows some, and the report says so', () => {
    expect(evaluation.notes).toEqual([
      'temporal_traffic1 has no metrics without a fault; those of low_traffic stand in.',
      'temporal_traffic2 has no metrics without a fault; those of low_traffic stand in.',
    ]);
  });
});

test('a folder without faults is refused with a code, and nothing else is printed', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'quarterdeck-faults-'));
  try {
    const { code, stdout } = await evaluate(empty);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
});
