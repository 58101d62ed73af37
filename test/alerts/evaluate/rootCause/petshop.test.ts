import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateRootCause, type RootCauseEvaluation } from '../../../../src/alerts/evaluate/rootCause';

const folder = join(process.cwd(), '..', 'shared', 'data', 'rootcause', 'petshop');

describe('roots of the faults injected into PetShop', () => {
  let evaluation: RootCauseEvaluation;

  beforeAll(() => {
    if (!existsSync(folder))
      throw new Error(`this test reads the PetShop data set in ${folder}, which is not there`);
    evaluation = evaluateRootCause(folder);
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
