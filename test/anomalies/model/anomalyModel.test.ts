import { beforeAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  anomalyModel,
  anomalyModelOnnx,
  anomalyModelPaths,
  decodeAnomalyModel,
  encodeAnomalyModel,
  type AnomalyModelParts,
} from '../../../src/anomalies/model';
import {
  isolationForestParts,
  learnAnomalyModel,
  learningSet,
  type LearningSet,
} from '../../../src/anomalies/train';
import { openOnnxSession } from '../../../src/platform/onnx/onnxSession';
import { featureSet, syntheticRows } from './syntheticRows';

const version = '2026/q4/r1';
const known = syntheticRows(2_400);
const fresh = syntheticRows(1_200, 4);
const { signal } = new AbortController();

async function graphAnswers(
  bytes: Uint8Array,
): Promise<{ probabilities: Float32Array; labels: BigInt64Array }> {
  const session = await openOnnxSession(bytes, {
    limits: { largestModelBytes: 64 * 1024 * 1024 },
    threads: 1,
  });
  try {
    const { values, n, d } = fresh.rows;
    const answers = await session.run({ x: { type: 'float32', values, shape: [n, d] } }, signal);
    return {
      probabilities: answers['probabilities']!.values as Float32Array,
      labels: answers['label']!.values as BigInt64Array,
    };
  } finally {
    await session.close();
  }
}

describe.each(['xgboost_anomaly', 'catboost_anomaly', 'isolation_forest'] as const)(
  'the model %s',
  (name) => {
    let set: LearningSet;
    let parts: AnomalyModelParts;

    beforeAll(async () => {
      set = await learningSet(
        {
          rows: known.rows,
          features: featureSet.names,
          instances: known.instances,
          minutes: known.minutes,
          verdicts: known.labels,
        },
        seededRandom(1),
      );
      if (name === 'isolation_forest') parts = isolationForestParts(set.stack, featureSet.id);
      else {
        const learned = await learnAnomalyModel(
          set,
          {
            name,
            featureSetId: featureSet.id,
            costs: { falsePositiveCost: 1, falseNegativeCost: 1 },
            folds: 3,
            parameters: { rounds: 30 },
          },
          seededRandom(2),
        );
        parts = learned.parts;
        if (learned.report.treesWeight === 0)
          throw new Error('the trees have no say: nothing of theirs would be tested');
      }
    });

    test('gives the same probabilities and labels as its graph', async () => {
      const { probabilities } = anomalyModel(parts, version, new Uint8Array()).score(fresh.rows);
      const graph = await graphAnswers(anomalyModelOnnx(parts, version));
      let largest = 0;
      let differing = 0;
      for (let row = 0; row < fresh.rows.n; row++) {
        const chance = graph.probabilities[2 * row + 1]!;
        largest = Math.max(largest, Math.abs(chance - probabilities[row]!));
        const apart = Math.abs(chance - parts.threshold) > 1e-5;
        if (apart && (graph.labels[row] === 1n) !== probabilities[row]! >= parts.threshold) differing++;
      }
      expect(largest).toBeLessThan(1e-5);
      expect(differing).toBe(0);
    });

    test('comes back from its files as it was', () => {
      const files = encodeAnomalyModel(parts, featureSet, { f1: 1 }, version);
      expect(files.map(({ path }) => path).sort()).toEqual(Object.values(anomalyModelPaths).sort());
      const model = decodeAnomalyModel({
        scope: 'models/anomaly/x',
        version,
        files: new Map(files.map(({ path, bytes }) => [path, bytes])),
      });
      expect(model.features).toEqual(featureSet.names);
      expect(model.threshold).toBe(parts.threshold);
      expect(model.score(fresh.rows)).toEqual(
        anomalyModel(parts, version, new Uint8Array()).score(fresh.rows),
      );
    });

    test('a missing or damaged file is refused', () => {
      const files = new Map(
        encodeAnomalyModel(parts, featureSet, {}, version).map(({ path, bytes }) => [path, bytes]),
      );
      const of = (changed: ReadonlyMap<string, Uint8Array>): unknown =>
        decodeAnomalyModel({ scope: 'models/anomaly/x', version, files: changed });
      const without = new Map(files);
      without.delete(anomalyModelPaths.native);
      expect(() => of(without)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
      const cut = new Map(files).set(
        anomalyModelPaths.native,
        files.get(anomalyModelPaths.native)!.slice(0, 900),
      );
      expect(() => of(cut)).toThrow(expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }));
    });

    test('says which features moved a faulty row', async () => {
      const row = 385;
      const d = featureSet.names.length;
      const one = { values: fresh.rows.values.slice(row * d, (row + 1) * d), n: 1, d };
      const [contributions] = await anomalyModel(parts, version, new Uint8Array()).contributions(one, 5);
      expect(contributions).toHaveLength(5);
      expect(contributions![0]!.feature).toMatch(/^m[01]__/);
      expect(contributions![0]!.contribution).toBeGreaterThan(0);
      const sizes = contributions!.map(({ contribution }) => Math.abs(contribution));
      expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
    });

    test('rows of another width are refused', () => {
      const model = anomalyModel(parts, version, new Uint8Array());
      expect(() => model.score({ values: new Float32Array(3), n: 1, d: 3 })).toThrow(
        expect.objectContaining({ code: 'DATA_WIDTH_MISMATCH' }),
      );
    });
  },
);

describe('labels that mislead', () => {
  test('cannot take a strange row from its place among the strange', async () => {
    // Every fault is called normal, and some ordinary rows are called anomalies.
    const verdicts = Int8Array.from(known.labels, (label, row) =>
      label === 1 ? 0 : row % 97 === 0 ? 1 : -1,
    );
    const set = await learningSet(
      {
        rows: known.rows,
        features: featureSet.names,
        instances: known.instances,
        minutes: known.minutes,
        verdicts,
      },
      seededRandom(1),
    );
    const { parts, report } = await learnAnomalyModel(
      set,
      {
        name: 'xgboost_anomaly',
        featureSetId: featureSet.id,
        costs: { falsePositiveCost: 1, falseNegativeCost: 1 },
        folds: 3,
        parameters: { rounds: 20 },
      },
      seededRandom(2),
    );
    expect(parts.blend.slope).toBeGreaterThan(0);
    expect(parts.calibration.kind).toBe('platt');
    expect(parts.calibration.kind === 'platt' && parts.calibration.slope > 0).toBe(true);
    expect(report.treesWeight).toBeGreaterThanOrEqual(0);
  });

  test('without a confirmed anomaly the scores decide alone', async () => {
    const set = await learningSet(
      {
        rows: known.rows,
        features: featureSet.names,
        instances: known.instances,
        minutes: known.minutes,
        verdicts: new Int8Array(known.rows.n).fill(-1),
      },
      seededRandom(1),
    );
    const { parts, report } = await learnAnomalyModel(
      set,
      {
        name: 'catboost_anomaly',
        featureSetId: featureSet.id,
        costs: { falsePositiveCost: 1, falseNegativeCost: 1 },
      },
      seededRandom(2),
    );
    expect(parts.trees).toBeUndefined();
    expect(report.reason).toContain('need both');
  });
});
