import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../src/contracts';
import { matrixFromRows } from '../../../../src/learn/matrix';
import { fitSymmetricBoosting } from '../../../../src/learn/trees/symmetric';
import { encodeTraining } from '../../../../src/learn/trees/symmetric/encodedColumns';
import { completeSymmetricOptions } from '../../../../src/learn/trees/symmetric/options';
import { leafTables } from '../../../../src/learn/trees/symmetric/predictSymmetric';
import { bodySizes } from '../../../../src/learn/trees/symmetric/trainingMemory';
import { naiveSymmetricBoosting } from './naiveSymmetric';

const n = 120;
const d = 4;

/** Rows of few values, so that cuts are few and leaves well filled. */
function sample(seed: number): { rows: number[][]; labels: number[] } {
  const random = seededRandom(seed);
  const rows = Array.from({ length: n }, () => Array.from({ length: d }, () => random.integer(7)));
  const labels = rows.map(([a, b, c]) => Number(a! * 1.3 + b! * c! * 0.4 + 2 * random.normal() > 8));
  return { rows, labels };
}

describe('trees are those of the plainest computation', () => {
  test.each([
    ['plain', 1],
    ['plain', 2],
    ['ordered', 3],
    ['ordered', 4],
  ] as const)('%s boosting, sample %i', async (boosting, seed) => {
    const { rows, labels } = sample(seed);
    const data = matrixFromRows(rows);
    const given = {
      boosting,
      depth: 3,
      rounds: 4,
      learningRate: 0.3,
      l2LeafRegularization: 2,
      randomStrength: 0,
      baggingTemperature: 0,
      classWeights: 'none',
      leafIterations: 1,
      permutations: 1,
    } as const;
    const random = seededRandom(seed);
    const { ensemble } = await fitSymmetricBoosting(data, labels, given, random);
    const options = completeSymmetricOptions(given, n, d);
    const encoded = encodeTraining(data, Uint8Array.from(labels), options, seededRandom(seed));
    const expected = naiveSymmetricBoosting(
      rows,
      labels,
      encoded.cuts.map((cuts) => Array.from(cuts)),
      Array.from(encoded.permutations.at(-1)!),
      boosting === 'ordered' ? bodySizes(n) : [{ body: n, tail: n }],
      { ...given, regularization: given.l2LeafRegularization },
    );
    const found = leafTables(ensemble);
    expect(Array.from(found.columns)).toEqual(
      expected.flatMap(({ splits }) => splits.map(({ column }) => column)),
    );
    expect(Array.from(found.thresholds)).toEqual(
      expected.flatMap(({ splits }) => splits.map(({ threshold }) => threshold)),
    );
    const values = expected.flatMap((tree) => tree.values);
    expect(found.values).toHaveLength(values.length);
    found.values.forEach((value, leaf) => expect(value).toBeCloseTo(values[leaf]!, 5));
  });

  test('bodies double from a small share to half of the rows, and every row but the first ones has one', () => {
    for (const rows of [2, 3, 31, 32, 33, 1_000]) {
      const sizes = bodySizes(rows);
      expect(sizes.at(-1)!.tail).toBe(rows);
      sizes.forEach(({ body, tail }, index) => {
        expect(tail).toBeGreaterThan(body);
        expect(tail).toBeLessThanOrEqual(2 * body);
        expect(body).toBe(sizes[index - 1]?.tail ?? Math.ceil(rows / 32));
      });
    }
  });
});
