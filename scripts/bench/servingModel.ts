import { computeFeatures, featureSetFor } from '../../src/anomalies/features';
import { encodeAnomalyModel, fitUnsupervisedStack, scoreWeightsFor } from '../../src/anomalies/model';
import { seededRandom } from '../../src/contracts';
import type { Matrix } from '../../src/learn/matrix';
import { fitGradientBoosting } from '../../src/learn/trees';
import type { Platform } from '../../src/platform/platform';
import { anomalyScope, promoteVersion, publishVersion } from '../../src/registry';

const metrics = 38;
const trainingMinutes = 4_000;
const rounds = 100;

/**
 * Publishes a model of the size that serving is measured with: 38 metrics, all their features, 100 trees of depth 6
 * beside the unsupervised scores.
 * @returns rows to score, without a missing value
 */
export async function publishServingModel(
  platform: Platform,
  rowCount: number,
  signal: AbortSignal,
): Promise<{ rows: Matrix; trees: number }> {
  const random = seededRandom(42);
  const names = Array.from({ length: metrics }, (_, index) => `metric_${index}`);
  const set = featureSetFor(names.map((name) => ({ name, kind: 'gauge' as const })));
  const warmUp = 120;
  const n = warmUp + Math.max(trainingMinutes, rowCount);
  const values = new Float64Array(n * metrics);
  const labels = new Uint8Array(n);
  for (let minute = 0; minute < n; minute++) {
    const faulty = minute % 500 < 15;
    labels[minute] = Number(faulty);
    for (let metric = 0; metric < metrics; metric++) {
      const level = faulty && metric < 4 ? 5 : 0;
      values[minute * metrics + metric] = 10 + Math.sin(minute / 200 + metric) + random.normal() + level;
    }
  }
  const all = computeFeatures(set, { startMinute: 0, values: { values, n, d: metrics } });
  const part = (first: number, count: number): Matrix => ({
    values: all.values.slice(first * all.d, (first + count) * all.d),
    n: count,
    d: all.d,
  });
  const training = part(warmUp, trainingMinutes);
  const stack = await fitUnsupervisedStack(training, set.names, random.fork('stack'), { signal });
  const fitted = await fitGradientBoosting(
    training,
    labels.subarray(warmUp, warmUp + trainingMinutes),
    { rounds, maxDepth: 6 },
    random.fork('trees'),
    { signal },
  );
  const parts = {
    name: 'xgboost_anomaly' as const,
    features: set.names,
    featureSetId: set.id,
    stack,
    blend: { scoreWeights: scoreWeightsFor(stack, 0), slope: 0.25, intercept: -0.5, treesWeight: 1 },
    trees: { family: 'gradient' as const, fitted },
    calibration: { kind: 'platt' as const, slope: 1, intercept: 0 },
    threshold: 0.5,
  };
  const scope = anomalyScope(parts.name);
  const version = await publishVersion(
    platform,
    {
      scope,
      year: 2026,
      quarter: 'q3',
      files: (claimed) => encodeAnomalyModel(parts, set, {}, claimed),
      parameters: { rounds },
      seed: 42,
      dataWindow: { from: '2026-07-01T00:00:00Z', to: '2026-07-04T00:00:00Z', rows: trainingMinutes },
      metrics: {},
      embeddingModel: null,
    },
    signal,
  );
  await promoteVersion(platform, scope, version, { by: 'bench', reason: 'to measure' }, signal);
  return { rows: part(warmUp, rowCount), trees: rounds };
}
