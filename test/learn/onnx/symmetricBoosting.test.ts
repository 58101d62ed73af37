import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix } from '../../../src/learn/matrix';
import { symmetricBoostingOnnx } from '../../../src/learn/onnx';
import { fitSymmetricBoosting } from '../../../src/learn/trees/symmetric';
import { openOnnxSession } from '../../../src/platform/onnx/onnxSession';

const n = 500;
const d = 4;
const random = seededRandom(1);
/** Two columns of numbers, two of categories, some values missing. */
const draw = (categories: number): Float32Array =>
  Float32Array.from({ length: n * d }, (_, index) => {
    if (random.next() < 0.1) return NaN;
    return index % d < 2 ? random.normal() : 3 * random.integer(categories) - 4;
  });
const values = draw(6);
const labels = Uint8Array.from({ length: n }, (_, row) =>
  Number((values[row * d]! || 0) + ((values[row * d + 2]! || 0) % 2) > 0.2),
);

describe('symmetric trees answer in ONNX as they do here', () => {
  test.each([
    ['numbers alone', [], 1],
    ['categories', [2, 3], 1],
    ['categories and their pairs', [2, 3], 2],
    ['categories alone', [0, 1, 2, 3], 2],
  ] as const)('%s', async (name, categoricalColumns, categoryCombinations) => {
    const whole = name === 'categories alone';
    const round = (rows: Float32Array): Float32Array =>
      whole ? rows.map((value) => Math.round(value)) : rows;
    const fitted = await fitSymmetricBoosting(
      matrix(round(values), n, d),
      labels,
      { rounds: 30, categoricalColumns, categoryCombinations },
      seededRandom(2),
    );
    const bytes = symmetricBoostingOnnx(fitted, {
      name: 'symmetric',
      version: '1',
      features: ['a', 'b', 'c', 'e'],
      featureDigest: 'x',
      threshold: 0.5,
    });
    // More categories than the model has seen, between and beyond its own.
    const queries = round(draw(9));
    const expected = fitted.predictProbability(matrix(queries, n, d));
    const session = await openOnnxSession(bytes, { limits: { largestModelBytes: 2 ** 24 }, threads: 1 });
    const answer = await session.run(
      { x: { type: 'float32', values: queries, shape: [n, d] } },
      AbortSignal.timeout(60_000),
    );
    await session.close();
    const found = Array.from(answer.probabilities!.values, Number);
    expect(new Set(expected).size).toBeGreaterThan(20);
    expected.forEach((probability, row) => {
      expect(Math.abs(found[2 * row + 1]! - probability)).toBeLessThan(1e-6);
    });
  });
});
