import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';
import { averagePrecision, logLoss, rocAuc } from '../../../src/learn/score';
import { createThreadPool } from '../../../src/learn/threads';
import {
  fitGradientBoosting,
  gradientBoostingFromBytes,
  permutationImportance,
  type EvaluationMetric,
  type FitOptions,
} from '../../../src/learn/trees';
import { plantedRows } from './plantedRows';

const { data, labels } = plantedRows(1500, 6, 21);
const held = plantedRows(1500, 6, 22);
const refusal = (code: string, culprit: Record<string, unknown> = {}): unknown =>
  expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });
const fit = (
  options: FitOptions = {},
  of: ArrayLike<number> = labels,
): ReturnType<typeof fitGradientBoosting> =>
  fitGradientBoosting(data, of, { rounds: 20, ...options }, seededRandom(1));

describe('early stopping', () => {
  const judges: Record<EvaluationMetric, (chances: Float32Array) => number> = {
    auc: (chances) => rocAuc(chances, held.labels),
    aucpr: (chances) => averagePrecision(chances, held.labels),
    logloss: (chances) => logLoss(chances, held.labels),
  };

  test.each(['auc', 'aucpr', 'logloss'] as const)('by %s keeps the best round', async (metric) => {
    const options = {
      rounds: 200,
      learningRate: 0.5,
      earlyStopping: { rounds: 5, metric },
      validation: held,
    };
    const model = await fit(options);
    const { history, bestRound } = model.evaluation!;
    expect(history).toHaveLength(bestRound + 6);
    const best = metric === 'logloss' ? Math.min(...history) : Math.max(...history);
    expect(history.indexOf(best)).toBe(bestRound);
    expect(model.ensemble.treeOffsets).toHaveLength(bestRound + 2);
    expect(judges[metric](model.predictProbability(held.data))).toBeCloseTo(best, 6);
    const again = gradientBoostingFromBytes(model.toBytes());
    expect(again.evaluation).toEqual(model.evaluation);
    const threads = createThreadPool(2);
    try {
      const together = await fitGradientBoosting(data, labels, options, seededRandom(1), { threads });
      expect(Buffer.from(together.toBytes()).equals(Buffer.from(model.toBytes()))).toBe(true);
    } finally {
      await threads.close();
    }
  });

  test('without rows to watch is refused', async () => {
    await expect(fit({ earlyStopping: { rounds: 5, metric: 'auc' } })).rejects.toEqual(
      refusal('PARAMETER_INVALID', { option: 'earlyStopping' }),
    );
  });

  test('watched rows of another width, or of one class, are refused', async () => {
    const narrow = { data: matrix(new Float32Array(4), 2, 2), labels: [0, 1] };
    await expect(fit({ validation: narrow })).rejects.toEqual(refusal('DATA_WIDTH_MISMATCH'));
    const oneClass = { data: held.data, labels: new Uint8Array(held.data.n) };
    await expect(fit({ validation: oneClass })).rejects.toEqual(refusal('LABELS_ONE_CLASS'));
  });
});

describe('labels and weights', () => {
  test('a label that is neither 0 nor 1 is refused with its row', async () => {
    const spoilt = Float32Array.from(labels);
    spoilt[7] = 2;
    await expect(fit({}, spoilt)).rejects.toEqual(refusal('LABELS_INVALID', { row: 7 }));
  });

  test('labels of one class are refused, also when the other has no weight', async () => {
    await expect(fit({}, new Uint8Array(data.n))).rejects.toEqual(refusal('LABELS_ONE_CLASS'));
    const weights = Array.from(labels, (label) => (label === 1 ? 0 : 1));
    await expect(fit({ weights })).rejects.toEqual(refusal('LABELS_ONE_CLASS'));
  });

  test.each([
    [-1, 'PARAMETER_INVALID'],
    [NaN, 'DATA_NOT_FINITE'],
    [Infinity, 'DATA_NOT_FINITE'],
  ])('a weight of %p is refused with its row', async (weight, code) => {
    const weights = new Float64Array(data.n).fill(1);
    weights[3] = weight;
    await expect(fit({ weights })).rejects.toEqual(refusal(code, { row: 3 }));
  });

  test('labels and weights of another length are refused', async () => {
    await expect(fit({}, labels.subarray(1))).rejects.toEqual(refusal('DATA_RAGGED', { field: 'labels' }));
    await expect(fit({ weights: [1] })).rejects.toEqual(refusal('DATA_RAGGED', { field: 'weights' }));
  });

  test('labels that contradict meet at their mean', async () => {
    const same = matrix(new Float32Array(200), 100, 2);
    const mixed = Uint8Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const model = await fitGradientBoosting(same, mixed, { subsample: 1 }, seededRandom(1));
    for (const chance of model.predictProbability(same)) expect(chance).toBeCloseTo(0.25, 2);
  });

  test('a row of weight 2 counts as two rows', async () => {
    const everyRow = { subsample: 1, columnsByTree: 1, maxBins: 16, rounds: 10 };
    const values = data.values.map((value) => Math.round(value));
    const weights = Array.from({ length: data.n }, (_, row) => (row % 3 === 0 ? 2 : 1));
    const rows = weights.flatMap((weight, row) => Array.from({ length: weight }, () => row));
    const repeated = new Float32Array(
      rows.flatMap((row) => Array.from(values.subarray(row * 6, row * 6 + 6))),
    );
    const weighted = await fitGradientBoosting(
      { ...data, values },
      labels,
      { ...everyRow, weights },
      seededRandom(1),
    );
    const copied = await fitGradientBoosting(
      matrix(repeated, rows.length, 6),
      rows.map((row) => labels[row]!),
      everyRow,
      seededRandom(1),
    );
    const [a, b] = [weighted.predictMargins({ ...data, values }), copied.predictMargins({ ...data, values })];
    a.forEach((margin, row) => expect(margin).toBeCloseTo(b[row]!, 4));
  });
});

describe('options', () => {
  test.each<[string, FitOptions]>([
    ['maxDepth', { maxDepth: 0 }],
    ['maxDepth', { maxDepth: 1.5 }],
    ['learningRate', { learningRate: 0 }],
    ['rounds', { rounds: -1 }],
    ['subsample', { subsample: 1.1 }],
    ['columnsByTree', { columnsByTree: 0 }],
    ['columnsByLevel', { columnsByLevel: NaN }],
    ['minChildWeight', { minChildWeight: -1 }],
    ['gamma', { gamma: Infinity }],
    ['regLambda', { regLambda: -0.1 }],
    ['scalePosWeight', { scalePosWeight: 0 }],
    ['maxBins', { maxBins: 257 }],
    ['growth', { growth: 'width' as never }],
    ['monotone', { monotone: [1] }],
    ['baseScore', { baseScore: 1 }],
    ['earlyStopping', { earlyStopping: { rounds: 0, metric: 'auc' }, validation: held }],
  ])('%s out of its range is refused by name', async (option, options) => {
    await expect(fit(options)).rejects.toEqual(refusal('PARAMETER_INVALID', { option }));
  });

  test('a monotone column never lowers the answer as it rises', async () => {
    const model = await fit({ monotone: [0, 0, 1, -1, 0, 0], rounds: 60 });
    const along = (column: number): Float32Array => {
      const values = new Float32Array(200 * 6);
      for (let row = 0; row < 200; row++) values[row * 6 + column] = (row - 100) / 25;
      return model.predictMargins(matrix(values, 200, 6));
    };
    along(2).forEach((margin, row, all) =>
      expect(margin).toBeGreaterThanOrEqual(row === 0 ? margin : all[row - 1]!),
    );
    along(3).forEach((margin, row, all) =>
      expect(margin).toBeLessThanOrEqual(row === 0 ? margin : all[row - 1]!),
    );
  });

  test('trees keep to their depth and their leaves', async () => {
    const { ensemble } = await fit({ growth: 'loss', maxLeaves: 5, maxDepth: 3 });
    ensemble.treeOffsets.slice(1).forEach((end, tree) => {
      expect(end - ensemble.treeOffsets[tree]!).toBeLessThanOrEqual(9);
    });
  });
});

describe('importance', () => {
  test('by gain and by permutation puts the planted columns before the noise', async () => {
    const model = await fit({ rounds: 60 });
    const least = (values: Float64Array): number => Math.min(values[0]!, values[1]!, values[2]!);
    for (const kind of ['gain', 'totalGain'] as const) {
      const values = model.importance(kind);
      expect(least(values)).toBeGreaterThan(Math.max(values[4]!, values[5]!));
    }
    const lost = await permutationImportance(model, held.data, held.labels, seededRandom(1));
    expect(least(lost)).toBeGreaterThan(Math.max(0, lost[4]!, lost[5]!));
  });
});

describe('columns', () => {
  const withColumn = (make: (row: number) => number): Matrix => ({
    ...data,
    values: data.values.map((value, index) => (index % 6 === 4 ? make(Math.floor(index / 6)) : value)),
  });

  test('a missing value alone can tell the classes apart', async () => {
    const told = withColumn((row) => (labels[row] === 1 ? NaN : 7));
    const model = await fitGradientBoosting(told, labels, { rounds: 20, columnsByTree: 1 }, seededRandom(1));
    expect(rocAuc(model.predictProbability(told), labels)).toBe(1);
  });

  test('of nothing but missing values, or of one value, are never split on', async () => {
    for (const value of [NaN, -2]) {
      const model = await fitGradientBoosting(
        withColumn(() => value),
        labels,
        { rounds: 10 },
        seededRandom(1),
      );
      expect(model.importance('weight')[4]).toBe(0);
    }
  });

  test('the largest and least of float32 are taken', async () => {
    const largest = 3.4028234663852886e38;
    const told = withColumn((row) => (labels[row] === 1 ? largest : -largest));
    const model = await fitGradientBoosting(told, labels, { rounds: 20, columnsByTree: 1 }, seededRandom(1));
    expect(rocAuc(model.predictProbability(told), labels)).toBe(1);
  });
});
