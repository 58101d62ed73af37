import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  evaluateFaults,
  readOnlineBoutique,
  type RootCauseEvaluation,
} from '../../../../src/alerts/evaluate/rootCause';
import type { FaultCase, FaultData } from '../../../../src/alerts/evaluate/rootCause/faultCase';

const folder = join(process.cwd(), '..', 'shared', 'data', 'rootcause', 'online_boutique');
/** A seventh of the faults, of every kind: the command judges all. */
const every = 7;

describe('roots of the faults injected into Online Boutique', () => {
  let data: FaultData;
  let evaluation: RootCauseEvaluation;

  beforeAll(() => {
    if (!existsSync(folder))
      throw new Error(`this test reads the Online Boutique faults in ${folder}, which are not there`);
    data = readOnlineBoutique(folder, 'faultless');
    evaluation = evaluateFaults({
      ...data,
      cases: data.cases.filter((_, position) => position % every === 0),
    });
  });

  test('all 56 faults of both days are read, each with the metrics of its own ten minutes before', () => {
    expect(data.cases.length).toBe(56);
    const lengths = (one: FaultCase): number[] => one.metrics.map(({ windows }) => windows.after.length);
    for (const one of data.cases) expect(Math.max(...lengths(one))).toBe(5);
    const last = data.cases.at(-1)!;
    const injectedMs = Date.parse('2022-08-23T16:40:57Z');
    const firstMs = last.metrics[0]!.afterMs![0]!;
    expect(last.name).toContain('16:40');
    expect(firstMs - injectedMs).toBeGreaterThanOrEqual(0);
    expect(firstMs - injectedMs).toBeLessThan(61_000);
  });

  test('times of the first day are those of the faults although its time stamps are years off', () => {
    const first = data.cases[0]!;
    expect(Math.abs(first.metrics[0]!.afterMs![0]! - Date.parse('2022-08-22T03:53:54Z'))).toBeLessThan(
      61_000,
    );
  });

  test('more roots come first than n-sigma names, here and as published, and no method names more', () => {
    const { quarterdeck, ...others } = evaluation.overall.methods;
    expect(evaluation.faults).toBe(8);
    expect(quarterdeck!.top1).toBeGreaterThanOrEqual(0.85);
    expect(quarterdeck!.top3).toBe(1);
    expect(quarterdeck!.top1).toBeGreaterThan(others['n-sigma']!.top1);
    expect(quarterdeck!.top1).toBeGreaterThan(others['graph traversal + MAD']!.top1);
    for (const { top1 } of Object.values(others)) expect(quarterdeck!.top1).toBeGreaterThanOrEqual(top1);
  });
});
