import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { featureSpaceFromBytes, fitFeatureSpace, fitNameEmbedding } from '../../../src/alerts/features';
import { describeEstimator, gaussianGroups } from '../../learn/estimatorContract';
import { matrix, type Matrix } from '../../../src/learn/matrix';

const options = { contamination: 0.05, varianceThreshold: 0.95, seed: 7 };

describeEstimator({
  name: 'the space of alert features',
  minimumRows: 3,
  fit: (data, _random, control) => fitFeatureSpace(data, options, control),
  toBytes: (space) => space.toBytes(),
  fromBytes: featureSpaceFromBytes,
  answer(space, queries) {
    const { values, d } = space.transform(queries);
    const flagged = space.outliersAmong(queries);
    return Array.from(flagged, (flag, row) => [flag, ...values.subarray(row * d, (row + 1) * d)]).flat();
  },
  threaded: true,
  longRunning: true,
});

/** Rows around 0, and a few far away in every direction. */
function withStrays(rows: number, strays: number): Matrix {
  const random = seededRandom(3);
  const values = Float32Array.from({ length: rows * 5 }, () => random.normal());
  for (let index = 0; index < strays * 5; index++) values[index] = 30 * Math.sign(values[index]!);
  return matrix(values, rows, 5);
}

describe('outliers', () => {
  test('are flagged, keep a place, and do not shape the components', async () => {
    const data = withStrays(400, 20);
    const space = await fitFeatureSpace(data, options);
    expect(Array.from(space.outliers.subarray(0, 20))).toEqual(Array.from({ length: 20 }, () => 1));
    expect(space.outliers.reduce((sum, flag) => sum + flag, 0)).toBe(20);
    expect(space.transform(data).n).toBe(400);
    expect(space.outliersAmong(data)).toEqual(space.outliers);
    // The rest is a ball, all of whose directions are needed; the strays alone would be one line or two.
    expect(space.components).toBe(5);
  });

  test('are not looked for where no share is set aside', async () => {
    const space = await fitFeatureSpace(withStrays(400, 20), { ...options, contamination: 0 });
    expect(space.outliers).toEqual(new Uint8Array(400));
    expect(featureSpaceFromBytes(space.toBytes()).outliersAmong(withStrays(10, 10))).toEqual(
      new Uint8Array(10),
    );
  });
});

test('the components keep the share of the variance that is asked for, and no component more', async () => {
  const random = seededRandom(5);
  const values = new Float32Array(500 * 6);
  for (let row = 0; row < 500; row++) {
    const [a, b] = [random.normal(), random.normal()];
    values.set([a, a + 0.01 * random.normal(), b, b + 0.01 * random.normal(), a + b, a - b], row * 6);
  }
  const space = await fitFeatureSpace(matrix(values, 500, 6), { ...options, varianceThreshold: 0.9 });
  expect(space.components).toBe(2);
  expect(space.explainedVarianceRatio.reduce((sum, share) => sum + share, 0)).toBeGreaterThanOrEqual(0.9);
});

test('no rows have no places', async () => {
  const space = await fitFeatureSpace(gaussianGroups(50), options);
  const none = matrix(new Float32Array(0), 0, 4);
  expect(space.transform(none)).toEqual({ values: new Float32Array(0), n: 0, d: space.components });
  expect(space.outliersAmong(none)).toEqual(new Uint8Array(0));
});

test('the embedding of names travels with the space', async () => {
  const nameEmbedding = await fitNameEmbedding(['HighLatency', 'DiskFull', 'PodCrashLooping'], 1);
  const space = await fitFeatureSpace(gaussianGroups(50), { ...options, nameEmbedding });
  const again = featureSpaceFromBytes(space.toBytes());
  expect(again.nameEmbedding!.embed('HighLatencyP99')).toEqual(nameEmbedding.embed('HighLatencyP99'));
});

test('a share of outliers or variance that cannot be is refused', async () => {
  const rows = gaussianGroups(50);
  const refused = (option: string) =>
    expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option } });
  await expect(fitFeatureSpace(rows, { ...options, contamination: 0.6 })).rejects.toEqual(
    refused('contamination'),
  );
  await expect(fitFeatureSpace(rows, { ...options, varianceThreshold: 0 })).rejects.toEqual(
    refused('varianceShare'),
  );
});
