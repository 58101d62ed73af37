import { computeFeatures, featureSetFor } from '../../src/anomalies/features';
import {
  anomalyModelPaths,
  encodeAnomalyModel,
  fitUnsupervisedStack,
  scoreWeightsFor,
  type AnomalyModelParts,
} from '../../src/anomalies/model';
import { seededRandom, type AnomalyModelName, type FeatureSet, type ModelVersion } from '../../src/contracts';
import type { Matrix } from '../../src/learn/matrix';
import { fitGradientBoosting } from '../../src/learn/trees';
import type { Platform } from '../../src/platform/platform';
import { anomalyScope, promoteVersion, publishVersion, type ModelReference } from '../../src/registry';

/** Three gauges of a server that is calm, but for the minutes in which it is not. */
export const serverMetrics = ['cpu', 'latency', 'memory'] as const;
export const serverSet: FeatureSet = featureSetFor(
  serverMetrics.map((name) => ({ name, kind: 'gauge' as const })),
);

export interface ServerSeries {
  /** n × metrics, row-major. */
  readonly values: Float64Array;
  readonly n: number;
  readonly faulty: readonly boolean[];
}

/** Every two hours ten minutes of a fault: the processor and the latency go up. */
export function serverSeries(n: number, seed: number): ServerSeries {
  const random = seededRandom(seed);
  const values = new Float64Array(n * serverMetrics.length);
  const faulty: boolean[] = [];
  for (let minute = 0; minute < n; minute++) {
    const fault = minute % 120 >= 90 && minute % 120 < 100;
    faulty.push(fault);
    const level = fault ? 6 : 0;
    values[minute * 3] = 20 + random.normal() + level;
    values[minute * 3 + 1] = 100 + 3 * random.normal() + 5 * level;
    values[minute * 3 + 2] = 50 + random.normal();
  }
  return { values, n, faulty };
}

const startMinute = Math.floor(Date.UTC(2026, 6, 1) / 60_000);

export function featuresOfSeries({ values, n }: ServerSeries, start = startMinute): Matrix {
  return computeFeatures(serverSet, {
    startMinute: start,
    values: { values, n, d: serverMetrics.length },
  });
}

const signal = AbortSignal.timeout(120_000);

/** A small model that really finds those faults, as training would hand it over. */
export async function fitSmallModel(name: AnomalyModelName, seed = 1): Promise<AnomalyModelParts> {
  const random = seededRandom(seed);
  const series = serverSeries(1_200, seed);
  const rows = featuresOfSeries(series);
  const stack = await fitUnsupervisedStack(rows, serverSet.names, random.fork('stack'));
  const labels = series.faulty.map(Number);
  const options = { rounds: 10, maxDepth: 3 };
  const fitted = await fitGradientBoosting(rows, labels, options, random.fork('trees'));
  return {
    name,
    features: serverSet.names,
    featureSetId: serverSet.id,
    stack,
    blend: { scoreWeights: scoreWeightsFor(stack, 0), slope: 0.25, intercept: -0.5, treesWeight: 1 },
    trees: { family: 'gradient', fitted },
    calibration: { kind: 'platt', slope: 4, intercept: 0 },
    threshold: 0.5,
  };
}

/** Publishes a version, and makes it the current one of its model unless told otherwise. */
export async function publishAnomalyModel(
  platform: Pick<Platform, 'blobs' | 'clock' | 'telemetry' | 'newId'>,
  parts: AnomalyModelParts,
  options: { readonly promote?: boolean; readonly onnx?: (bytes: Uint8Array) => Uint8Array } = {},
): Promise<ModelReference> {
  const scope = anomalyScope(parts.name);
  const files = (version: ModelVersion) =>
    encodeAnomalyModel(parts, serverSet, { f1: 0.9 }, version).map((file) =>
      file.path === anomalyModelPaths.onnx && options.onnx
        ? { ...file, bytes: options.onnx(file.bytes) }
        : file,
    );
  const version = await publishVersion(
    platform,
    {
      scope,
      year: 2026,
      quarter: 'q3',
      files,
      parameters: { maxDepth: 3 },
      seed: 1,
      dataWindow: { from: '2026-07-01T00:00:00.000000Z', to: '2026-07-02T00:00:00.000000Z', rows: 1_200 },
      metrics: { f1: 0.9, precision: 0.95 },
      embeddingModel: null,
    },
    signal,
  );
  if (options.promote !== false) {
    await promoteVersion(platform, scope, version, { by: 'a test', reason: 'to see' }, signal);
  }
  return { model: parts.name, version };
}
