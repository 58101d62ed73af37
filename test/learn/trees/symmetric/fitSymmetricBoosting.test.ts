import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix } from '../../../../src/learn/matrix';
import { rocAuc } from '../../../../src/learn/score';
import { createThreadPool } from '../../../../src/learn/threads';
import { predictMargins } from '../../../../src/learn/trees';
import { fitSymmetricBoosting, type SymmetricFitOptions } from '../../../../src/learn/trees/symmetric';
import { plantedRows } from '../plantedRows';

const train = plantedRows(1_500, 6, 1);
const later = plantedRows(1_500, 6, 2);
const refusal = (code: string, culprit: object = {}): unknown =>
  expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });
const fit = (options: SymmetricFitOptions = {}, seed = 1) =>
  fitSymmetricBoosting(train.data, train.labels, options, seededRandom(seed));

describe('boosting of symmetric trees', () => {
  test.each(['ordered', 'plain'] as const)('%s boosting finds what was planted', async (boosting) => {
    const fitted = await fit({ boosting, rounds: 60 });
    expect(rocAuc(fitted.predictProbability(later.data), later.labels)).toBeGreaterThan(0.83);
    const gains = fitted.importance('totalGain');
    for (const planted of [0, 1, 2]) {
      expect(gains[planted]).toBeGreaterThan(Math.max(gains[4]!, gains[5]!));
    }
  });

  test('every level of a tree asks one question', async () => {
    const { ensemble } = await fit({ rounds: 5, depth: 4 });
    for (let tree = 0; tree < 5; tree++) {
      const root = ensemble.treeOffsets[tree]!;
      let level = [root];
      while (ensemble.feature[level[0]!] !== -1) {
        expect(new Set(level.map((node) => ensemble.feature[node])).size).toBe(1);
        expect(new Set(level.map((node) => ensemble.threshold[node])).size).toBe(1);
        level = level.flatMap((node) => [ensemble.left[node]!, ensemble.right[node]!]);
      }
      expect(level).toHaveLength(16);
    }
  });

  test('answers by leaf number are those of the general walk, missing values and all', async () => {
    const fitted = await fit({ rounds: 30 });
    expect(fitted.predictMargins(later.data)).toEqual(predictMargins(fitted.ensemble, later.data));
  });

  test('a missing value counts as the lowest', async () => {
    const values = Float32Array.from({ length: 200 }, (_, row) => (row % 2 === 0 ? NaN : 1 + (row % 10)));
    const labels = Uint8Array.from({ length: 200 }, (_, row) => Number(row % 2 === 0));
    const fitted = await fitSymmetricBoosting(
      matrix(values, 200, 1),
      labels,
      { rounds: 10 },
      seededRandom(1),
    );
    const [missing, low, high] = fitted.predictMargins(matrix(Float32Array.of(NaN, -1e30, 5), 3, 1));
    expect(missing).toBeGreaterThan(0);
    expect(low).toBeLessThan(0);
    expect(high).toBeLessThan(0);
  });

  test('contributions add up to the margin', async () => {
    const fitted = await fit({ rounds: 20 });
    const margins = fitted.predictMargins(later.data);
    const { values, d } = await fitted.contributions(later.data);
    margins.forEach((margin, row) => {
      const sum = values.subarray(row * d, (row + 1) * d).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(margin, 4);
    });
  });

  test('balanced classes move the answers of rare positives to the middle', async () => {
    const rare = train.labels.map((label, row) => (row % 10 === 0 ? label : 0));
    const mean = async (classWeights: 'balanced' | 'none'): Promise<number> => {
      const fitted = await fitSymmetricBoosting(
        train.data,
        rare,
        { rounds: 30, depth: 2, classWeights },
        seededRandom(1),
      );
      return fitted.predictProbability(train.data).reduce((sum, value) => sum + value, 0) / train.data.n;
    };
    const share = rare.reduce((sum, label) => sum + label, 0) / rare.length;
    expect(await mean('none')).toBeLessThan(3 * share);
    expect(await mean('balanced')).toBeGreaterThan(0.25);
  });

  test('a row without weight has no say', async () => {
    const poisoned = train.labels.map((label, row) => (row % 3 === 0 ? 1 - label : label));
    const weights = Float32Array.from(poisoned, (_, row) => (row % 3 === 0 ? 0 : 1));
    const fitted = await fitSymmetricBoosting(train.data, poisoned, { rounds: 40, weights }, seededRandom(1));
    expect(rocAuc(fitted.predictProbability(later.data), later.labels)).toBeGreaterThan(0.82);
  });

  test('early stopping keeps the best round', async () => {
    const fitted = await fit({
      rounds: 400,
      learningRate: 0.3,
      validation: later,
      earlyStopping: { rounds: 10, metric: 'aucpr' },
    });
    const { history, bestRound } = fitted.evaluation!;
    expect(history.length).toBeLessThan(400);
    expect(history.length).toBe(bestRound + 11);
    expect(history[bestRound]).toBe(Math.max(...history));
    expect(fitted.ensemble.treeOffsets).toHaveLength(bestRound + 2);
  });

  test.each(['ordered', 'plain'] as const)(
    'threads that share the columns of a level change nothing (%s)',
    async (boosting) => {
      const wide = plantedRows(10_500, 40, 3);
      const options = { boosting, rounds: 2, depth: 3 };
      const threads = createThreadPool(3);
      try {
        const together = await fitSymmetricBoosting(wide.data, wide.labels, options, seededRandom(1), {
          threads,
        });
        const alone = await fitSymmetricBoosting(wide.data, wide.labels, options, seededRandom(1));
        expect(Buffer.from(together.toBytes()).equals(Buffer.from(alone.toBytes()))).toBe(true);
      } finally {
        await threads.close();
      }
    },
  );

  test('the learning rate follows from rows and rounds unless it is given', async () => {
    const rate = async (options: SymmetricFitOptions): Promise<number> =>
      (await fit({ rounds: 2, ...options })).options.learningRate;
    expect(await rate({ learningRate: 0.07 })).toBe(0.07);
    expect(await rate({})).toBe(0.5);
    // CatBoost 1.2: exp(0.427 ln 1500 − 7.525) · (100 / 1000)^−0.917.
    expect((await fit({ rounds: 100, depth: 1 })).options.learningRate).toBeCloseTo(0.1012, 3);
  });

  test.each<[string, SymmetricFitOptions, string]>([
    ['a depth of 9', { depth: 9 }, 'depth'],
    ['no rounds', { rounds: 0 }, 'rounds'],
    ['a learning rate of 0', { learningRate: 0 }, 'learningRate'],
    ['negative regularization', { l2LeafRegularization: -1 }, 'l2LeafRegularization'],
    ['255 borders', { borderCount: 255 }, 'borderCount'],
    ['noise of NaN', { randomStrength: NaN }, 'randomStrength'],
    ['a categorical column that is not there', { categoricalColumns: [6] }, 'categoricalColumns'],
    ['early stopping without validation', { earlyStopping: { rounds: 3, metric: 'auc' } }, 'earlyStopping'],
  ])('refuses %s', async (_, options, option) => {
    await expect(fit(options)).rejects.toEqual(refusal('PARAMETER_INVALID', { option }));
  });

  test('refuses labels of one class, and labels that are none', async () => {
    const random = seededRandom(1);
    const zeros = new Uint8Array(train.data.n);
    await expect(fitSymmetricBoosting(train.data, zeros, {}, random)).rejects.toEqual(
      refusal('LABELS_ONE_CLASS'),
    );
    const odd = Uint8Array.from(train.labels).fill(2, 7, 8);
    await expect(fitSymmetricBoosting(train.data, odd, {}, random)).rejects.toEqual(
      refusal('LABELS_INVALID', { row: 7 }),
    );
  });
});
