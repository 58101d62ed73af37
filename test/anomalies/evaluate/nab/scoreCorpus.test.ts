import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import {
  readNabProfiles,
  readNabSeries,
  type NabProfile,
  type NabSeries,
} from '../../../../src/anomalies/evaluate/nab/corpus';
import { scoreNab } from '../../../../src/anomalies/evaluate/nab/scoreCorpus';
import { windowedGaussianScores } from './windowedGaussian';

const folder = join(process.cwd(), '..', 'shared', 'data', 'metrics', 'nab');

/** Reads and scores 365,558 points. */
jest.setTimeout(300_000);

describe('the scorer of the Numenta Anomaly Benchmark', () => {
  let series: NabSeries[];
  let profiles: NabProfile[];
  let reference: Record<string, Record<string, number>>;
  beforeAll(() => {
    if (!existsSync(folder)) throw new Error(`the benchmark's data is needed in ${folder}`);
    series = readNabSeries(folder);
    profiles = readNabProfiles(folder);
    reference = JSON.parse(readFileSync(join(folder, 'reference_scores.json'), 'utf8')) as typeof reference;
  });
  const scoreOf = (scores: Float64Array[], profile: NabProfile): number =>
    scoreNab(series, scores, profile).normalizedScore;

  test('reads 58 series with 116 windows', () => {
    expect(series.length).toBe(58);
    expect(series.reduce((sum, { values }) => sum + values.length, 0)).toBe(365_558);
    expect(series.reduce((sum, { windows }) => sum + windows.length, 0)).toBe(116);
  });

  test('gives 0 to a detector that says nothing', () => {
    const silent = series.map(({ values }) => new Float64Array(values.length).fill(0.5));
    for (const profile of profiles) expect(scoreNab(series, silent, profile).normalizedScore).toBe(0);
  });

  test('gives 100 to one that finds each window at its first point and nothing else', () => {
    const perfect = series.map(({ values, windows }) => {
      const scores = new Float64Array(values.length);
      for (const { first } of windows) scores[first] = 1;
      return scores;
    });
    for (const profile of profiles) expect(scoreOf(perfect, profile)).toBeCloseTo(100, 9);
  });

  test('gives windowed Gaussian what the benchmark published, on every profile', () => {
    const scores = series.map(({ values }) => windowedGaussianScores(values));
    for (const profile of profiles) {
      expect(scoreOf(scores, profile)).toBeCloseTo(reference['windowedGaussian']![profile.name]!, 8);
    }
    const published = readFileSync(
      join(process.cwd(), 'test/fixtures/nab/windowed_gaussian_standard.csv'),
      'utf8',
    );
    const rows = published.trim().split('\n').slice(1);
    const files = new Map(scoreNab(series, scores, profiles[0]!).files.map((file) => [file.path, file]));
    expect(rows.length).toBe(58);
    for (const row of rows) {
      const [path, score, ...counts] = row.split(',');
      const file = files.get(path!)!;
      expect(file.score).toBeCloseTo(Number(score), 9);
      expect([file.truePositives, file.trueNegatives, file.falsePositives, file.falseNegatives]).toEqual(
        counts.map(Number),
      );
    }
  });

  test('gives random scores little, as the benchmark does (about 11 to 17 there, by its seed)', () => {
    const draws = [1, 2, 3, 4, 5].map((seed) => {
      const random = seededRandom(seed);
      return scoreOf(
        series.map(({ values }) => Float64Array.from(values, () => random.next())),
        profiles[0]!,
      );
    });
    for (const score of draws) {
      expect(score).toBeGreaterThan(5);
      expect(score).toBeLessThan(20);
    }
  });

  test('a threshold that is given is used, and scores that do not fit are refused', () => {
    const scores = series.map(({ values }) => new Float64Array(values.length).fill(0.5));
    const all = scoreNab(series, scores, profiles[0]!, 0.5);
    expect(all.normalizedScore).toBeLessThan(-1000);
    expect(() => scoreNab(series, scores.slice(1), profiles[0]!)).toThrow(
      expect.objectContaining({ code: 'DATA_RAGGED' }),
    );
    scores[3]![7] = NaN;
    expect(() => scoreNab(series, scores, profiles[0]!)).toThrow(
      expect.objectContaining({ code: 'DATA_NOT_FINITE' }),
    );
  });
});
