import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom, type ErrorCode } from '../../../src/contracts';
import {
  averagePrecision,
  bestF1,
  brierScore,
  confusionAt,
  logLoss,
  precisionRecallF1,
  rocAuc,
} from '../../../src/learn/score';

interface Case {
  name: string;
  scores: number[];
  labels: number[];
  weights: number[] | null;
  rocAuc: number;
  averagePrecision: number;
  bestF1: number;
  bestThreshold: number;
  logLoss: number;
  brier: number;
  confusion: number[];
  precision: number;
  recall: number;
  f1: number;
}

const { cases } = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/score/classification.json'), 'utf8'),
) as { cases: Case[] };

describe('scores of rankings and probabilities equal those of scikit-learn', () => {
  test.each(cases)('$name', (expected) => {
    const { scores, labels } = expected;
    const weights = expected.weights ?? undefined;
    expect(rocAuc(scores, labels, weights)).toBeCloseTo(expected.rocAuc, 12);
    expect(averagePrecision(scores, labels, weights)).toBeCloseTo(expected.averagePrecision, 12);
    const best = bestF1(scores, labels, weights);
    expect(best.f1).toBeCloseTo(expected.bestF1, 12);
    expect(best.threshold).toBe(expected.bestThreshold);
    const confusion = confusionAt(scores, labels, 0.5, weights);
    expect([
      confusion.truePositives,
      confusion.falsePositives,
      confusion.falseNegatives,
      confusion.trueNegatives,
    ]).toEqual(expected.confusion.map((count) => expect.closeTo(count, 10)));
    const shares = precisionRecallF1(confusion);
    expect(shares.precision).toBeCloseTo(expected.precision, 12);
    expect(shares.recall).toBeCloseTo(expected.recall, 12);
    expect(shares.f1).toBeCloseTo(expected.f1, 12);
    expect(logLoss(scores, labels, weights)).toBeCloseTo(expected.logLoss, 6);
    expect(brierScore(scores, labels, weights)).toBeCloseTo(expected.brier, 12);
  });
});

describe('scores of rankings', () => {
  test('the best F1 is what its own threshold gives, and no other threshold gives more', () => {
    const random = seededRandom(7);
    const labels = Uint8Array.from({ length: 400 }, () => (random.next() < 0.1 ? 1 : 0));
    const scores = Float32Array.from(labels, (label) => Math.round(8 * (random.normal() + label)) / 8);
    const best = bestF1(scores, labels);
    expect(precisionRecallF1(confusionAt(scores, labels, best.threshold)).f1).toBe(best.f1);
    const all = Array.from(new Set(scores), (threshold) => confusionAt(scores, labels, threshold));
    expect(Math.max(...all.map((confusion) => precisionRecallF1(confusion).f1))).toBe(best.f1);
  });

  test('a weight of two is the row twice', () => {
    const scores = [0.9, 0.8, 0.8, 0.3, 0.1];
    const labels = [1, 0, 1, 1, 0];
    const twice = [0.9, 0.8, 0.8, 0.3, 0.1, 0.8, 0.1];
    const twiceLabels = [1, 0, 1, 1, 0, 0, 0];
    const weights = [1, 2, 1, 1, 2];
    expect(rocAuc(scores, labels, weights)).toBeCloseTo(rocAuc(twice, twiceLabels), 12);
    expect(averagePrecision(scores, labels, weights)).toBeCloseTo(averagePrecision(twice, twiceLabels), 12);
    expect(bestF1(scores, labels, weights)).toEqual(bestF1(twice, twiceLabels));
  });

  test('zero and minus zero are one score', () => {
    expect(rocAuc([0, -0], [1, 0])).toBe(0.5);
    expect(rocAuc([-0, 0], [1, 0])).toBe(0.5);
    expect(averagePrecision([0, -0], [1, 0])).toBe(0.5);
  });

  test('nothing lies above an infinite threshold, everything above minus infinity', () => {
    const none = confusionAt([0.2, 0.9], [0, 1], Infinity);
    expect(none).toEqual({ truePositives: 0, falsePositives: 0, falseNegatives: 1, trueNegatives: 1 });
    expect(precisionRecallF1(none)).toEqual({ precision: 0, recall: 0, f1: 0 });
    const all = confusionAt([0.2, 0.9], [0, 1], -Infinity);
    expect(precisionRecallF1(all)).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3 });
  });

  const refused: [string, () => unknown, ErrorCode, object][] = [
    ['no rows', () => rocAuc([], []), 'DATA_EMPTY', {}],
    ['fewer labels than scores', () => rocAuc([1, 2], [1]), 'DATA_RAGGED', { row: 1 }],
    ['fewer weights than scores', () => bestF1([1, 2], [1, 0], [1]), 'DATA_RAGGED', { field: 'weights' }],
    ['a label of 2', () => averagePrecision([1, 2], [1, 2]), 'LABELS_INVALID', { row: 1 }],
    ['a score of NaN', () => rocAuc([1, NaN], [1, 0]), 'DATA_NOT_FINITE', { row: 1, field: 'score' }],
    ['a negative weight', () => rocAuc([1, 2], [1, 0], [1, -1]), 'PARAMETER_INVALID', { row: 1 }],
    ['no negative row', () => rocAuc([1, 2], [1, 1]), 'LABELS_ONE_CLASS', {}],
    ['positive rows without weight', () => rocAuc([1, 2], [1, 0], [0, 1]), 'LABELS_ONE_CLASS', {}],
    ['no positive row', () => averagePrecision([1, 2], [0, 0]), 'LABELS_ONE_CLASS', {}],
    ['no positive row', () => bestF1([1, 2], [0, 0]), 'LABELS_ONE_CLASS', {}],
    ['a probability above 1', () => logLoss([0.5, 1.5], [1, 0]), 'PARAMETER_INVALID', { row: 1 }],
    ['no weight at all', () => brierScore([0.5], [1], [0]), 'PARAMETER_INVALID', { option: 'weights' }],
    ['a threshold of NaN', () => confusionAt([1], [1], NaN), 'PARAMETER_INVALID', { option: 'threshold' }],
  ];
  test.each(refused)('refused: %s', (_, score, code, culprit) => {
    expect(score).toThrow(expect.objectContaining({ code, culprit: expect.objectContaining(culprit) }));
  });
});
