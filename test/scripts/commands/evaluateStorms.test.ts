import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { StormEvaluation } from '../../../src/alerts/evaluate/storms';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function evaluateStorms(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'dist', 'scripts', 'quarterdeck.js'), 'evaluate', 'storms', ...words],
      { timeout: 50_000 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      },
    );
  });
}

describe('quarterdeck evaluate storms', () => {
  test('ends with one line of JSON that holds the figures of every level of noise', async () => {
    const ended = await evaluateStorms('--seed', '3', '--seeds', '1', '--storms', '3', '--json');
    expect(ended).toMatchObject({ code: 0 });
    const evaluation = JSON.parse(ended.stdout) as StormEvaluation;
    expect(evaluation.seeds).toEqual([3]);
    expect(evaluation.noiseLevels.map(({ noiseShare }) => noiseShare)).toEqual([0, 0.2, 0.5]);
    expect(evaluation.noiseLevels[0]!.topologies.map(({ services }) => services)).toEqual([200, 500, 2000]);
    expect(evaluation.noiseLevels[0]!.mean.storms).toBe(3);
  }, 60_000);

  test('names the option whose file or folder is not there', async () => {
    const rules = await evaluateStorms('--rules', 'nowhere.json');
    expect(rules.code).not.toBe(0);
    expect(rules.stderr).toContain('nowhere.json cannot be read');
    const graph = await evaluateStorms('--graph', 'nowhere');
    expect(graph.code).not.toBe(0);
    expect(graph.stderr).toContain('nowhere is not there');
  }, 60_000);
});
