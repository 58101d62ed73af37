import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrix, type Matrix } from '../../../../src/learn/matrix';
import {
  confidenceBand,
  detectorByName,
  fitIsolationForest,
  isolationForestFromBytes,
} from '../../../../src/learn/outlier';
import { decodeModel, encodeModel } from '../../../../src/learn/binary';
import { rocAuc } from '../../../../src/learn/score';
import { gaussianGroups } from '../../estimatorContract';

interface Case {
  name: string;
  d: number;
  usual: number;
  values: string;
  auc: number;
  meanScore: number;
  offset: number;
  scores: number[];
}

const cases = JSON.parse(
  gunzipSync(readFileSync(join(process.cwd(), 'test/fixtures/outlier/isolation_forest.json.gz'))).toString(),
) as Case[];

function dataOf({ values, d }: Case): Matrix {
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
  const floats = new Float32Array(bytes.buffer);
  return matrix(floats, floats.length / d, d);
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("an isolation forest beside scikit-learn's", () => {
  test.each(cases)('ranks and scores $name alike', async (item) => {
    const data = dataOf(item);
    const labels = Uint8Array.from({ length: data.n }, (_, row) => (row < item.usual ? 0 : 1));
    const aucs: number[] = [];
    const offsets: number[] = [];
    const scores = new Float64Array(data.n);
    for (let seed = 0; seed < 10; seed++) {
      const fitted = await fitIsolationForest(data, {}, seededRandom(seed));
      const own = fitted.score(data);
      own.forEach((score, row) => (scores[row]! += score / 10));
      aucs.push(rocAuc(own, labels));
      offsets.push(-fitted.threshold);
    }
    expect(Math.abs(mean(aucs) - item.auc)).toBeLessThan(0.01);
    expect(Math.abs(mean(offsets) - item.offset)).toBeLessThan(0.01);
    expect(Math.abs(mean(scores) - item.meanScore)).toBeLessThan(0.005);
    // Row by row, as far as ten seeds on either side let them agree.
    item.scores.forEach((score, row) => expect(Math.abs(scores[row]! - score)).toBeLessThan(0.05));
  });

  test('names its figures as scikit-learn does', async () => {
    const data = dataOf(cases[0]!);
    const fitted = await fitIsolationForest(data, { contamination: 0.1 }, seededRandom(1));
    const scores = fitted.score(data);
    const decisions = fitted.decisionFunction(data);
    fitted.scoreSamples(data).forEach((value, row) => {
      expect(value).toBe(-scores[row]!);
      expect(decisions[row]).toBeCloseTo(value + fitted.threshold, 12);
    });
    expect(decisions.filter((value) => value < 0).length / data.n).toBeCloseTo(0.1, 2);
  });
});

describe('the kernel', () => {
  test('finds the leaf that walking the trees finds, for any number of rows', async () => {
    const data = gaussianGroups(261, 3);
    const fitted = await fitIsolationForest(data, { trees: 7, samples: 64 }, seededRandom(2));
    const { roots, feature, threshold, left, pathLength, treeCount } = fitted.trees;
    for (const n of [1, 7, 8, 9, 255, 261]) {
      const scores = fitted.score(matrix(data.values.slice(0, n * 3), n, 3));
      for (let row = 0; row < n; row++) {
        let sum = 0;
        for (let tree = 0; tree < treeCount; tree++) {
          let node = roots[tree]!;
          while (feature[node]! >= 0) {
            const goesRight = data.values[row * 3 + feature[node]!]! > threshold[node]!;
            node = left[node]! + (goesRight ? 1 : 0);
          }
          sum += pathLength[node]!;
        }
        expect(scores[row]).toBeCloseTo(2 ** (-sum / treeCount / fitted.normalizer), 12);
      }
    }
  });

  test('takes rows wider than its usual block', async () => {
    const data = gaussianGroups(20, 3000);
    const scores = (await fitIsolationForest(data, { trees: 5 }, seededRandom(1))).score(data);
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  });
});

describe('confidence', () => {
  test('is 0 at the threshold, −1 and 1 at the ends of training, in bands between', async () => {
    const data = dataOf(cases[0]!);
    const fitted = await fitIsolationForest(data, {}, seededRandom(3));
    const confidence = fitted.confidence(data);
    expect(Math.min(...confidence)).toBe(-1);
    expect(Math.max(...confidence)).toBe(1);
    expect(fitted.confidenceOfScore(fitted.threshold)).toBe(0);
    expect(fitted.confidenceOfScore(1)).toBe(-1);
    fitted.score(data).forEach((score, row) => {
      expect(confidence[row]! < 0).toBe(score > fitted.threshold);
    });
  });

  test.each([
    [-1, 'anomaly'],
    [-0.6001, 'anomaly'],
    [-0.6, 'likely_anomaly'],
    [-0.3, 'uncertain_anomaly'],
    [0, 'uncertain_normal'],
    [0.2999, 'uncertain_normal'],
    [0.3, 'normal'],
    [1, 'normal'],
  ] as const)('of %p is called %s', (confidence, band) => {
    expect(confidenceBand(confidence)).toBe(band);
  });
});

describe('rows in chunks', () => {
  test('score as they do together, one chunk ahead of the reader', async () => {
    const data = gaussianGroups(1000);
    const fitted = await fitIsolationForest(data, {}, seededRandom(4));
    let read = 0;
    async function* chunks(): AsyncGenerator<Matrix> {
      for (let first = 0; first < data.n; first += 130) {
        read++;
        const rows = Math.min(130, data.n - first);
        yield matrix(data.values.slice(first * data.d, (first + rows) * data.d), rows, data.d);
      }
    }
    const scores: number[] = [];
    let taken = 0;
    for await (const part of fitted.scoreChunks(chunks())) {
      taken++;
      expect(read).toBeLessThanOrEqual(taken + 1);
      scores.push(...part);
    }
    expect(scores).toEqual(Array.from(fitted.score(data)));
  });

  test('a source that fails fails the scoring', async () => {
    const data = gaussianGroups(100);
    const fitted = await fitIsolationForest(data, {}, seededRandom(4));
    async function* chunks(): AsyncGenerator<Matrix> {
      yield data;
      throw new Error('the disk is gone');
    }
    const all = async (): Promise<number> => {
      let rows = 0;
      for await (const part of fitted.scoreChunks(chunks())) rows += part.length;
      return rows;
    };
    await expect(all()).rejects.toThrow('the disk is gone');
  });
});

describe('bytes', () => {
  test('whose trees lead astray are refused', async () => {
    const fitted = await fitIsolationForest(gaussianGroups(50), { trees: 3 }, seededRandom(1));
    const content = decodeModel('isolation_forest', 1, fitted.toBytes());
    const spoil = (name: string, value: number): Uint8Array => {
      const array = content.arrays[name]!.slice();
      array[0] = value;
      return encodeModel('isolation_forest', 1, { ...content, arrays: { ...content.arrays, [name]: array } });
    };
    for (const bytes of [spoil('left', 0), spoil('left', 1 << 20), spoil('feature', 99)]) {
      expect(() => isolationForestFromBytes(bytes)).toThrow(
        expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
      );
    }
  });
});

describe('an extended isolation forest', () => {
  test('finds what lies between two groups, where a plain one sees a ghost', async () => {
    const random = seededRandom(8);
    const rows = 1000;
    const values = new Float32Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const group = row % 2;
      values.set([(group ? 10 : 0) + random.normal(), (group ? 0 : 10) + random.normal()], row * 2);
    }
    const data = matrix(values, rows, 2);
    // The corners where the groups' shadows cross hold no row.
    const ghosts = matrix(Float32Array.from([0, 0, 10, 10]), 2, 2);
    const shareBelow = async (name: string): Promise<number> => {
      const fitted = await detectorByName(name).fit(data, {}, seededRandom(9));
      const ghost = Math.min(...fitted.score(ghosts));
      return fitted.score(data).filter((score) => score < ghost).length / rows;
    };
    const extended = await shareBelow('extended_isolation_forest');
    expect(extended).toBeGreaterThan(0.97);
    expect(extended).toBeGreaterThan(await shareBelow('isolation_forest'));
  });
});
