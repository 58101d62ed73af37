import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrixFromRows } from '../../../src/learn/matrix';
import {
  adjustedRandIndex,
  clusteringAccuracy,
  normalizedMutualInformation,
  silhouette,
  vMeasure,
} from '../../../src/learn/score';

interface Fixture {
  cases: {
    name: string;
    a: number[];
    b: number[];
    nmi: number;
    ari: number;
    homogeneity: number;
    completeness: number;
    vMeasure: number;
    accuracy: number;
  }[];
  silhouettes: { points: number[][]; labels: number[]; euclidean: number; cosine: number };
}

const fixture = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/text/scores.json'), 'utf8'),
) as Fixture;

describe('scores of agreement equal those of scikit-learn', () => {
  test.each(fixture.cases)('$name', (expected) => {
    const a = Int32Array.from(expected.a);
    const b = Int32Array.from(expected.b);
    expect(normalizedMutualInformation(a, b)).toBeCloseTo(expected.nmi, 10);
    expect(adjustedRandIndex(a, b)).toBeCloseTo(expected.ari, 10);
    expect(clusteringAccuracy(a, b)).toBeCloseTo(expected.accuracy, 10);
    const parts = vMeasure(a, b);
    expect(parts.homogeneity).toBeCloseTo(expected.homogeneity, 10);
    expect(parts.completeness).toBeCloseTo(expected.completeness, 10);
    expect(parts.vMeasure).toBeCloseTo(expected.vMeasure, 10);
  });

  test('labellings of other lengths are refused', () => {
    expect(() => adjustedRandIndex(new Int32Array(3), new Int32Array(4))).toThrow(
      expect.objectContaining({ code: 'DATA_RAGGED', culprit: { row: 3 } }),
    );
    expect(() => normalizedMutualInformation(new Int32Array(0), new Int32Array(0))).toThrow(
      expect.objectContaining({ code: 'DATA_EMPTY' }),
    );
  });
});

describe('the silhouette', () => {
  const { points, labels, euclidean, cosine } = fixture.silhouettes;
  const data = matrixFromRows(points);

  test.each([
    { metric: 'euclidean', expected: euclidean },
    { metric: 'cosine', expected: cosine },
  ] as const)('with $metric distances equals that of scikit-learn', ({ metric, expected }) => {
    expect(silhouette(data, Int32Array.from(labels), { metric }, seededRandom(1))).toBeCloseTo(expected, 6);
  });

  test('leaves noise out', () => {
    const far = matrixFromRows([...points, [1000, -1000, 0, 0]]);
    const withNoise = Int32Array.from([...labels, -1]);
    expect(silhouette(far, withNoise, { metric: 'euclidean' }, seededRandom(1))).toBeCloseTo(euclidean, 6);
  });

  test('of a sample is near that of all rows, and the same for the same seed', () => {
    const rows = Array.from({ length: 40 }, () => points).flat();
    const many = matrixFromRows(rows);
    const manyLabels = Int32Array.from({ length: rows.length }, (_, row) => labels[row % labels.length]!);
    const sampled = (seed: number): number =>
      silhouette(many, manyLabels, { metric: 'cosine', sample: 600 }, seededRandom(seed));
    const all = silhouette(many, manyLabels, { metric: 'cosine' }, seededRandom(1));
    expect(Math.abs(sampled(1) - all)).toBeLessThan(0.05);
    expect(sampled(1)).toBe(sampled(1));
    expect(sampled(1)).not.toBe(sampled(2));
  });

  test('needs two clusters', () => {
    expect(() => silhouette(data, new Int32Array(data.n), { metric: 'euclidean' }, seededRandom(1))).toThrow(
      expect.objectContaining({ code: 'DATA_TOO_FEW_ROWS' }),
    );
  });
});
