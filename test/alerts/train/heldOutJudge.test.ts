import { describe, expect, test } from '@jest/globals';
import { compare, looksBetter, withLuckOfLearning } from '../../../src/alerts/train/compareModels';
import { gateChecks } from '../../../src/alerts/train/gate';
import { HeldOutJudge } from '../../../src/alerts/train/heldOutJudge';
import { seededRandom } from '../../../src/contracts';
import { silhouette } from '../../../src/learn/score';
import { matrix, type Matrix } from '../../../src/learn/matrix';
import { ballsOf } from '../cluster/shapes';

const everyThird = (n: number): Int32Array =>
  Int32Array.from({ length: Math.floor(n / 3) }, (_, index) => 3 * index);
const judgeOf = (rows: Matrix, groups = new Int32Array(rows.n)): HeldOutJudge =>
  new HeldOutJudge(rows, { seed: 1, heldOut: everyThird(rows.n), groups });

describe('judging on held-out rows', () => {
  const { rows, group } = ballsOf([120, 120, 120], 4, 8);

  test('scores each held-out row among all rows, whatever the units of the columns', async () => {
    const scaled = matrix(
      rows.values.map((value, index) => (index % 4 === 1 ? 1000 * value + 5 : value)),
      rows.n,
      rows.d,
    );
    const plain = await judgeOf(rows).judge(group, {});
    expect(plain.ofRow.length).toBe(120);
    expect(plain.quality).toMatchObject({ clusters: 3, noiseShare: 0 });
    expect((await judgeOf(scaled).judge(group, {})).quality.score).toBeCloseTo(plain.quality.score, 3);
  });

  test('a row left as noise counts as nothing, and so does everything in one cluster', async () => {
    const judge = judgeOf(rows);
    const noisy = group.map((label, row) => (row % 2 === 0 ? -1 : label));
    const { quality, ofRow } = await judge.judge(noisy, {});
    expect(quality.noiseShare).toBe(0.5);
    everyThird(rows.n).forEach((row, index) => expect(ofRow[index] === 0).toBe(row % 2 === 0));
    expect((await judge.judge(new Int32Array(rows.n), {})).quality).toMatchObject({ score: 0, clusters: 1 });
  });

  test('with every row held out the score is the silhouette of the standardised rows', async () => {
    const heldOut = Int32Array.from({ length: rows.n }, (_, row) => row);
    const all = new HeldOutJudge(rows, { seed: 1, heldOut, groups: new Int32Array(rows.n) });
    const standardised = Float32Array.from(rows.values);
    for (let column = 0; column < rows.d; column++) {
      const values = Array.from({ length: rows.n }, (_, row) => rows.values[row * rows.d + column]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / rows.n;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.n);
      values.forEach((value, row) => (standardised[row * rows.d + column] = (value - mean) / deviation));
    }
    const expected = silhouette(
      { ...rows, values: standardised },
      group,
      { metric: 'euclidean' },
      seededRandom(1),
    );
    expect((await all.judge(group, {})).quality.score).toBeCloseTo(expected, 4);
  });

  test('rows that come in groups give a wider interval than rows that come alone', async () => {
    const halves = group.map((label, row) => (Math.floor(row / 12) % 2 === 0 ? 0 : label));
    const hours = Int32Array.from({ length: rows.n }, (_, row) => Math.floor(row / 12));
    const widthOf = async (judge: HeldOutJudge): Promise<number> => {
      const { lower, upper } = judge.difference(await judge.judge(group, {}), await judge.judge(halves, {}));
      return upper - lower;
    };
    expect(await widthOf(judgeOf(rows, hours))).toBeGreaterThan(1.2 * (await widthOf(judgeOf(rows))));
  });
});

describe('better by more than 5 %, and surely so', () => {
  const quality = (score: number) => ({ score, noiseShare: 0, clusters: 3 });
  const difference = (estimate: number, standardError: number) => ({
    estimate,
    lower: estimate - 2 * standardError,
    upper: estimate + 2 * standardError,
    standardError,
    resamples: 1_000,
    redrawn: 0,
  });
  const valid = {
    clusters: 3,
    noiseShare: 0.1,
    silhouetteInterval: { estimate: 0.4, lower: 0.38, upper: 0.42 },
  };
  const passed = (candidate: number, current: number, error: number): boolean =>
    gateChecks(
      valid,
      compare(500, quality(candidate), quality(current), difference(candidate - current, error)),
    ).every((check) => check.passed);

  test.each([
    [0.44, 0.4, 0.01, true],
    [0.44, 0.4, 0.03, false],
    [0.42, 0.4, 0.001, false],
    [0.421, 0.4, 0.001, true],
    [0.3, 0.4, 0.001, false],
    [0.1, -0.1, 0.01, true],
    [0.1, 0, 0.01, true],
    [0, 0, 0, false],
  ])('%d against %d, give or take %d: %p', (candidate, current, error, expected) => {
    expect(passed(candidate, current, error)).toBe(expected);
  });

  test('without a current model being valid is enough; each way of not being so is named', () => {
    expect(gateChecks(valid, undefined).every((check) => check.passed)).toBe(true);
    const failures = (changed: object): string[] =>
      gateChecks({ ...valid, ...changed }, undefined)
        .filter((check) => !check.passed)
        .map(({ name }) => name);
    expect(failures({ clusters: 1 })).toEqual(['clusters']);
    expect(failures({ noiseShare: 0.6 })).toEqual(['noise']);
    expect(failures({ silhouetteInterval: { estimate: 0.01, lower: -0.02, upper: 0.04 } })).toEqual([
      'silhouette',
    ]);
  });

  test('what models learned from halves vary by widens the interval', () => {
    const apart = difference(0.05, 0.005);
    const comparison = compare(500, quality(0.45), quality(0.4), apart);
    expect(looksBetter(comparison)).toBe(true);
    const steady = withLuckOfLearning(comparison, apart, [0.45, 0.451, 0.449, 0.45, 0.45, 0.45]);
    const lucky = withLuckOfLearning(comparison, apart, [0.45, 0.4, 0.42, 0.38, 0.46, 0.44]);
    expect(looksBetter(steady)).toBe(true);
    expect(looksBetter(lucky)).toBe(false);
    expect(lucky.improvement.estimate).toBe(0.05);
    // Student's t with 5 degrees of freedom, the standard error, and the deviation of halves twice.
    const deviation = Math.sqrt(0.005 ** 2 + 2 * (0.0049666 / 5));
    expect(lucky.improvement.lower).toBeCloseTo(0.05 - 2.5706 * deviation, 2);
  });
});
