import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';
import {
  fitUnsupervisedScores,
  scoreColumnNames,
  scoreColumnsFromBytes,
  type FittedScoreColumns,
} from '../../../src/learn/outlier';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedScoreColumns>({
  name: 'unsupervised score columns',
  fit: fitUnsupervisedScores,
  minimumRows: 3,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: scoreColumnsFromBytes,
  answer: (fitted, queries) => fitted.score(queries).values,
  longRunning: true,
});

/** Six columns of two movements and a little noise. */
function movingTogether(rows: number): Matrix {
  const random = seededRandom(5);
  const values = new Float32Array(rows * 6);
  for (let row = 0; row < rows; row++) {
    const movements = [random.normal(), random.normal()];
    for (let column = 0; column < 6; column++) {
      values[row * 6 + column] = movements[column % 2]! * (1 + column) + 0.1 * random.normal();
    }
  }
  return matrix(values, rows, 6);
}

describe('unsupervised score columns', () => {
  test('each rank a row far from all others first', async () => {
    const data = movingTogether(300);
    const fitted = await fitUnsupervisedScores(data, seededRandom(1));
    const far = Float32Array.from(data.values);
    far.set([10, 30, -30, 30, -20, 10], 17 * data.d);
    const scores = fitted.score(matrix(far, data.n, data.d));
    scoreColumnNames.forEach((_, column) => {
      const ranked = Array.from({ length: data.n }, (_row, row) => scores.values[row * scores.d + column]!);
      expect(ranked.indexOf(Math.max(...ranked))).toBe(17);
    });
  });

  test('a column that breaks with the others is seen by the subspace and not by its size', async () => {
    const random = seededRandom(3);
    const values = new Float32Array(400 * 3);
    for (let row = 0; row < 400; row++) {
      const level = random.normal();
      values.set([level, level + 0.01 * random.normal(), -level + 0.01 * random.normal()], row * 3);
    }
    const fitted = await fitUnsupervisedScores(matrix(values, 400, 3), random);
    const [usual, broken] = [
      [1, 1, -1],
      [1, -1, -1],
    ].map((row) => fitted.score(matrix(Float32Array.from(row), 1, 3)).values);
    const [subspace, magnitude] = [1, 4];
    expect(broken![subspace]! - usual![subspace]!).toBeGreaterThan(3);
    expect(Math.abs(broken![magnitude]! - usual![magnitude]!)).toBeLessThan(0.1);
  });
});
