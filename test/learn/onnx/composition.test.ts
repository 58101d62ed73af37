import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitPca } from '../../../src/learn/decompose';
import { matrix } from '../../../src/learn/matrix';
import {
  addAbsolute,
  addClassification,
  addColumns,
  addFeatures,
  addIsolationForest,
  addLogarithm,
  addPcaError,
  addPiecewiseLinear,
  addProbability,
  addRowMean,
  addSideBySide,
  addStandardization,
  addTreeEnsemble,
  OnnxGraphBuilder,
  treeEnsembleOnnx,
  type OnnxCalibration,
} from '../../../src/learn/onnx';
import { openOnnxSession } from '../../../src/platform/onnx/onnxSession';
import { leavesOf, marginOf, randomRows, randomTrees } from './trees';

const n = 300;
const d = 6;
const signal = AbortSignal.timeout(60_000);
const metadata = { name: 'test', version: '1', features: ['a', 'b', 'c', 'd', 'e', 'f'], featureDigest: 'x' };
const limits = { largestModelBytes: 2 ** 24 };
const rows = randomRows(1, n, d);
const rowOf = (row: number): Float32Array => rows.subarray(row * d, (row + 1) * d);

/** Runs a model file over the rows; all outputs as numbers. */
async function run(bytes: Uint8Array, values = rows, columns = d): Promise<Record<string, number[]>> {
  const session = await openOnnxSession(bytes, { limits, threads: 1 });
  try {
    const shape = [values.length / columns, columns];
    const answer = await session.run({ x: { type: 'float32', values, shape } }, signal);
    return Object.fromEntries(
      Object.entries(answer).map(([name, tensor]) => [name, Array.from(tensor.values, Number)]),
    );
  } finally {
    await session.close();
  }
}

/** What a graph of one part computes. */
async function compute(
  build: (builder: OnnxGraphBuilder, input: string) => string,
  values = rows,
  columns = d,
): Promise<number[]> {
  const builder = new OnnxGraphBuilder('part');
  const tensor = build(builder, builder.input('x', 'float32', ['n', columns]));
  builder.output('y', tensor, 'float32', ['n', 'm']);
  return (await run(builder.bytes(metadata), values, columns)).y!;
}

function largestDifference(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0);
}

const everyRow = Array.from({ length: n }, (_, row) => row);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('an ONNX model answers as the model it was written from', () => {
  const ensemble = randomTrees(2, 40, d);
  const margins = everyRow.map((row) => marginOf(ensemble, rowOf(row)));

  test('a tree ensemble: values at a threshold go right, missing ones by the default', async () => {
    const { label, probabilities } = await run(treeEnsembleOnnx(ensemble, { ...metadata, threshold: 0.4 }));
    const expected = margins.flatMap((margin) => [1 - sigmoid(margin), sigmoid(margin)]);
    expect(largestDifference(probabilities!, expected)).toBeLessThan(1e-6);
    expect(label).toEqual(margins.map((margin) => Number(sigmoid(margin) >= 0.4)));
    expect(new Set(label).size).toBe(2);
  });

  test('thresholds are kept to the last bit', async () => {
    const above = Math.fround(0.1);
    const bits = new Uint32Array(Float32Array.of(above).buffer);
    const below = new Float32Array(Uint32Array.of(bits[0]! - 1).buffer)[0]!;
    const stump = {
      ...randomTrees(3, 1, 1, 0),
      treeOffsets: Int32Array.of(0, 3),
      feature: Int32Array.of(0, -1, -1),
      threshold: Float32Array.of(above, 0, 0),
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      defaultLeft: Uint8Array.of(1, 0, 0),
      leafValue: Float32Array.of(0, 1, 2),
      baseMargin: 0,
    };
    const found = await compute(
      (builder, input) => addTreeEnsemble(builder, input, stump),
      Float32Array.of(below, above, Number.NaN),
      1,
    );
    expect(found).toEqual([1, 2, 1]);
  });

  test('an ensemble without trees answers its base', async () => {
    const empty = { ...ensemble, treeOffsets: Int32Array.of(0), feature: new Int32Array(0) };
    const found = await compute((builder, input) => addTreeEnsemble(builder, input, empty));
    expect(found).toEqual(everyRow.map(() => Math.fround(ensemble.baseMargin)));
  });

  test.each<[string, OnnxCalibration, (margin: number) => number]>([
    [
      'Platt over margins',
      { kind: 'platt', over: 'margin', slope: 1.7, intercept: -0.3 },
      (margin) => sigmoid(1.7 * margin - 0.3),
    ],
    [
      'isotonic over probabilities',
      { kind: 'isotonic', over: 'probability', x: [0.2, 0.5, 0.75], y: [0.1, 0.3, 0.9] },
      (margin) => interpolate([0.2, 0.5, 0.75], [0.1, 0.3, 0.9], sigmoid(margin)),
    ],
  ])('calibration: %s', async (_, calibration, expected) => {
    const found = await compute((builder, input) =>
      addProbability(builder, addTreeEnsemble(builder, input, ensemble), calibration),
    );
    expect(largestDifference(found, margins.map(expected))).toBeLessThan(1e-6);
  });

  test('an isolation forest', async () => {
    const trees = randomTrees(4, 50, d, 8);
    const random = seededRandom(5);
    const pathLength = Float64Array.from(trees.feature, (feature) =>
      feature < 0 ? 3 + 6 * random.next() : 0,
    );
    const normalizer = 10.24;
    const found = await compute((builder, input) =>
      addIsolationForest(builder, input, {
        ...trees,
        treeStarts: trees.treeOffsets,
        missingLeft: trees.defaultLeft,
        comparison: 'less-or-equal',
        pathLength,
        normalizer,
      }),
    );
    // With ≤ in place of <, a value at the threshold goes left: the walk over thresholds one step higher.
    const raised = { ...trees, threshold: trees.threshold.map((threshold) => threshold + 1 / 16) };
    const expected = everyRow.map((row) => {
      const leaves = leavesOf(raised, rowOf(row));
      const mean = leaves.reduce((sum, leaf) => sum + pathLength[leaf]!, 0) / leaves.length;
      return 2 ** (-mean / normalizer);
    });
    expect(largestDifference(found, expected)).toBeLessThan(1e-6);
  });

  test.each(['mean', 'sum'] as const)(
    'the reconstruction error of principal components, %s',
    async (over) => {
      const random = seededRandom(6);
      const mean = Array.from({ length: d }, () => random.normal());
      const scale = Array.from({ length: d }, () => 0.5 + random.next());
      const clip = 2;
      const standardized = rows.map((value, index) => {
        const filled = Number.isNaN(value) ? mean[index % d]! : value;
        return Math.min(Math.max((filled - mean[index % d]!) / scale[index % d]!, -clip), clip);
      });
      const pca = await fitPca(matrix(standardized, n, d), { components: 3 }, random);
      const found = await compute((builder, input) =>
        addPcaError(builder, input, {
          standardization: { mean, scale, clip },
          centre: pca.mean,
          components: pca.components,
          over,
        }),
      );
      const back = pca.inverse(pca.transform(matrix(standardized, n, d))).values;
      const expected = everyRow.map((row) => {
        let sum = 0;
        for (let column = 0; column < d; column++) {
          sum += (standardized[row * d + column]! - back[row * d + column]!) ** 2;
        }
        return over === 'mean' ? sum / d : sum;
      });
      expect(largestDifference(found, expected)).toBeLessThan(1e-5);
    },
  );

  test('detector scores stacked among the features in one graph', async () => {
    const detector = randomTrees(7, 10, d);
    const stacked = randomTrees(8, 30, 4);
    const builder = new OnnxGraphBuilder('stack');
    const x = addFeatures(builder, d);
    const score = addLogarithm(builder, addAbsolute(builder, addTreeEnsemble(builder, x, detector)), 1e-3);
    const features = addSideBySide(builder, [addColumns(builder, x, [4, 0, 2]), score]);
    addClassification(builder, addProbability(builder, addTreeEnsemble(builder, features, stacked)), 0.5);
    const { probabilities } = await run(builder.bytes(metadata));
    const expected = everyRow.map((row) => {
      const values = rowOf(row);
      const own = Math.log(Math.max(Math.abs(marginOf(detector, values)), 1e-3));
      return sigmoid(marginOf(stacked, Float32Array.of(values[4]!, values[0]!, values[2]!, own)));
    });
    expect(
      largestDifference(
        probabilities!.filter((_, index) => index % 2 === 1),
        expected,
      ),
    ).toBeLessThan(1e-6);
  });

  test('mean absolute deviation of every row', async () => {
    const mean = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const scale = [1, 2, 3, 4, 5, 6];
    const complete = randomRows(9, n, d, 0);
    const found = await compute(
      (builder, input) =>
        addRowMean(builder, addAbsolute(builder, addStandardization(builder, input, { mean, scale }))),
      complete,
    );
    const expected = everyRow.map(
      (row) =>
        mean.reduce(
          (sum, centre, column) => sum + Math.abs(complete[row * d + column]! - centre) / scale[column]!,
          0,
        ) / d,
    );
    expect(largestDifference(found, expected)).toBeLessThan(1e-6);
  });
});

/** `numpy.interp` */
function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  if (at <= x[0]!) return y[0]!;
  for (let knot = 1; knot < x.length; knot++) {
    if (at < x[knot]!) {
      return y[knot - 1]! + ((at - x[knot - 1]!) / (x[knot]! - x[knot - 1]!)) * (y[knot]! - y[knot - 1]!);
    }
  }
  return y.at(-1)!;
}

describe('piecewise linear functions', () => {
  const at = (points: readonly number[], x: readonly number[], y: readonly number[]): Promise<number[]> =>
    compute((builder, input) => addPiecewiseLinear(builder, input, x, y), Float32Array.from(points), 1);

  test('are the interpolation between any number of knots', async () => {
    const random = seededRandom(10);
    for (const count of [1, 2, 3, 4, 7, 64, 1_000]) {
      const x = Array.from({ length: count }, () => Math.fround(random.next())).sort((a, b) => a - b);
      const y = Array.from({ length: count }, () => random.next()).sort((a, b) => a - b);
      const points = [...Array.from({ length: 200 }, () => Math.fround(1.2 * random.next() - 0.1)), ...x];
      const found = await at(points, x, y);
      const expected = points.map((point) => interpolate(x, y, point));
      expect(largestDifference(found, expected)).toBeLessThan(1e-6);
    }
  });

  test('step where a knot occurs twice', async () => {
    expect(await at([0.25, 0.5, 0.75], [0, 0.5, 0.5, 1], [0, 0, 1, 1])).toEqual([0, 1, 1]);
  });

  test('knots that are none are refused', () => {
    const refused = (x: number[], y: number[]) => () =>
      addPiecewiseLinear(new OnnxGraphBuilder('g'), 'x', x, y);
    const refusal = expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'knots' } });
    expect(refused([], [])).toThrow(refusal);
    expect(refused([0, 1], [0])).toThrow(refusal);
    expect(refused([1, 0], [0, 1])).toThrow(refusal);
    expect(refused([0, Number.NaN], [0, 1])).toThrow(refusal);
  });
});
