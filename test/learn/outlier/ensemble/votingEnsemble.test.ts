import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix, rowOf, type Matrix } from '../../../../src/learn/matrix';
import type { Detector, DetectorEntry } from '../../../../src/learn/outlier';
import {
  agreementWeights,
  scoreScale,
  unifyScore,
  votingEnsembleEntry,
  type VotingEnsembleOptions,
} from '../../../../src/learn/outlier/ensemble';

/** Calls a row an anomaly when its column is above the threshold. */
function column(at: number, threshold: number): DetectorEntry {
  const name = `column_${at}`;
  const detector: Detector = {
    name,
    kind: 'points',
    minimumRows: 1,
    fit: (data) =>
      Promise.resolve({
        name,
        kind: 'points',
        d: data.d,
        threshold,
        score: (rows: Matrix) => Float64Array.from({ length: rows.n }, (_, row) => rowOf(rows, row)[at]!),
        explain: (rows: Matrix) => new Float64Array(rows.d),
        toBytes: () => new Uint8Array(0),
      }),
  };
  const fromBytes = (): never => {
    throw new Error('not read in this test');
  };
  return { detector, fromBytes };
}

const { detector } = votingEnsembleEntry([column(0, 1), column(1, 1), column(2, 1)]);
const random = seededRandom(1);
const noise = matrix(
  new Float32Array(300).map(() => random.next()),
  100,
  3,
);
const fit = (options: Partial<VotingEnsembleOptions>): ReturnType<typeof detector.fit> =>
  detector.fit(
    noise,
    Object.assign({ members: ['column_0', 'column_1', 'column_2'] }, options),
    seededRandom(2),
  );
const queries = matrix(Float32Array.from([2, 2, 0, 2, 0, 0, 0, 0, 0, 2, 2, 2]), 4, 3);

describe('votes', () => {
  test('of a majority call a row an anomaly, and more votes rank higher', async () => {
    const fitted = await fit({ voting: 'majority' });
    const scores = Array.from(fitted.score(queries));
    expect(scores.map((score) => score > fitted.threshold)).toEqual([true, false, false, true]);
    expect(scores[3]).toBeGreaterThan(scores[0]!);
    expect(scores[1]).toBeGreaterThan(scores[2]!);
  });

  test('count by their weights where there are any', async () => {
    const fitted = await fit({ voting: 'weighted', weights: [3, 1, 1] });
    const scores = Array.from(fitted.score(queries));
    expect(scores.map((score) => score > fitted.threshold)).toEqual([true, true, false, true]);
  });

  test('need members that exist and a weight for each', async () => {
    const refused = { code: 'PARAMETER_INVALID' };
    await expect(fit({ members: [] })).rejects.toMatchObject(refused);
    await expect(fit({ members: ['oracle'] })).rejects.toMatchObject(refused);
    await expect(fit({ weights: [1, 2] })).rejects.toMatchObject(refused);
    await expect(fit({ weights: [0, 0, 0] })).rejects.toMatchObject(refused);
    await expect(fit({ weights: [1, -1, 1] })).rejects.toMatchObject(refused);
  });
});

describe('unified scores', () => {
  const training = new Float64Array(5000).map(() => random.normal());

  test('by rank are the share of training scores below, and go on growing beyond them', () => {
    const scale = scoreScale(training);
    for (const score of [-2, -0.5, 0, 0.3, 1.7]) {
      const below = training.filter((value) => value < score).length / training.length;
      expect(Math.abs(unifyScore(score, scale, 'rank') - below)).toBeLessThan(0.002);
    }
    const beyond = [4, 5, 50, 5000].map((score) => unifyScore(score + 4, scale, 'rank'));
    beyond.forEach((value, at) => expect(value).toBeGreaterThan(at === 0 ? 0.999 : beyond[at - 1]!));
    expect(beyond[3]).toBeLessThanOrEqual(1);
  });

  test('by the error function are the chance to be less far out', () => {
    const scale = { mean: 10, spread: 2, quantiles: Float64Array.of(0) };
    expect(unifyScore(9, scale, 'gaussian')).toBe(0);
    // 68.27, 95.45 and 99.73 in a hundred lie within one, two and three standard deviations.
    expect(unifyScore(12, scale, 'gaussian')).toBeCloseTo(0.6827, 4);
    expect(unifyScore(14, scale, 'gaussian')).toBeCloseTo(0.9545, 4);
    expect(unifyScore(16, scale, 'gaussian')).toBeCloseTo(0.9973, 4);
  });

  test('of training rows that are all alike are finite', () => {
    const scale = scoreScale(new Float64Array(10).fill(3));
    for (const normalization of ['rank', 'gaussian'] as const) {
      const [same, above] = [3, 4].map((score) => unifyScore(score, scale, normalization));
      expect(same).toBe(0);
      expect(above).toBeGreaterThan(0);
    }
  });
});

describe('weights without labels', () => {
  test('are smallest for the detector that disagrees with the others', () => {
    const truth = new Float64Array(500).map(() => random.normal());
    const noisy = (share: number): Float64Array => truth.map((value) => value + share * random.normal());
    const weights = agreementWeights([noisy(0.3), noisy(0.3), noisy(3), truth.map((value) => -value)]);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[0]).toBeGreaterThan(weights[2]!);
    expect(weights[3]).toBe(0);
  });

  test('are equal where nobody agrees', () => {
    const flat = new Float64Array(10);
    expect(Array.from(agreementWeights([flat, flat]))).toEqual([0.5, 0.5]);
  });
});
