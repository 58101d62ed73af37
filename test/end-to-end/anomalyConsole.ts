import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setRouting } from '../../src/anomalies/route/routingState';
import { shiftTimestamp, toTimestamp, type Timestamp } from '../../src/contracts';
import { startAzurite } from '../../src/host/azurite';
import { composePlatform } from '../../src/platform/compose';
import type { Platform } from '../../src/platform/platform';
import { anomalyScope, setAlias } from '../../src/registry';
import { publish } from '../support/versions';
import { anomalyScore, metricPoint, reviewItemRow } from '../support/warehouseRows';
import { serveInstallation } from './serveInstallation';

/** An installation with scores, metrics, a review queue and two models, served as a user serves it. */
export interface AnomalyConsole {
  readonly url: string;
  /** The row that was an anomaly last, on `web-1`. */
  readonly anomalyAt: Timestamp;
  stop(): Promise<void>;
}

export const instances = ['web-1', 'db-1', '<b>odd</b>/%2F'] as const;
/** More than the queue's first rows, fewer than it gives at once. */
export const waitingRows = 6;

const minuteMs = 60_000;
const scoredMinutes = 600;
const measuredMinutes = 240;
/** Minutes before the newest row at which something was wrong, on the first instance. */
const anomalous = [25, 26, 27, 180];

export async function startAnomalyConsole(): Promise<AnomalyConsole> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-anomaly-console-'));
  const azurite = await startAzurite({ inMemory: true });
  const environment = { QUARTERDECK_DATA_DIR: dataDir, AzureWebJobsStorage: azurite.connectionString };
  const platform = composePlatform(environment);
  const newest = toTimestamp(Math.floor(platform.clock.now() / minuteMs) * minuteMs);
  try {
    const signal = AbortSignal.timeout(120_000);
    await platform.warehouse.prepare(signal);
    await storeRows(platform, newest, signal);
    await storeModels(platform, newest, signal);
  } finally {
    await platform.close();
  }
  const { url, stop } = await serveInstallation(environment);
  return {
    url,
    anomalyAt: shiftTimestamp(newest, -anomalous[0]! * minuteMs),
    async stop() {
      await stop();
      await azurite.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function storeRows({ warehouse }: Platform, newest: Timestamp, signal: AbortSignal): Promise<void> {
  const before = (minutes: number): Timestamp => shiftTimestamp(newest, -minutes * minuteMs);
  const minutes = Array.from({ length: scoredMinutes }, (_, index) => scoredMinutes - 1 - index);
  const wrong = (instance: string, minute: number): boolean =>
    instance === instances[0] && anomalous.includes(minute);
  await warehouse.mergeAnomalyScores(
    instances.flatMap((instance, place) =>
      minutes.map((minute) => {
        const score = wrong(instance, minute)
          ? 0.97 - 0.002 * minute
          : 0.06 + 0.04 * Math.sin(minute / 40 + place);
        return anomalyScore({
          instance,
          unit: instance,
          at: before(minute),
          score,
          label: wrong(instance, minute) ? 1 : 0,
          confidence: Math.max(score, 1 - score),
          threshold: 0.6,
          contributionsJson: JSON.stringify([
            { feature: 'cpu_mean_15m', value: wrong(instance, minute) ? 96.4 : 31.2, contribution: 3.4 },
            { feature: 'error_count', value: 12, contribution: 1.7 },
            { feature: 'requests_change_rate_5m', value: -0.42, contribution: 0.6 },
            { feature: 'memory_mean_15m', value: null, contribution: -0.9 },
          ]),
          scoredAt: before(minute),
        });
      }),
    ),
    signal,
  );
  const measured = minutes.filter((minute) => minute < measuredMinutes);
  await warehouse.mergeMetricPoints(
    instances.flatMap((instance) =>
      measured.flatMap((minute) => {
        const at = before(minute);
        const wave = Math.sin(minute / 7);
        const gauge = (metric: string, unit: string, value: number) =>
          metricPoint({ instance, metric, unit, at, value, kind: 'gauge' });
        return [
          gauge('cpu', '%', wrong(instance, minute) ? 96.4 : 30 + 3 * wave),
          gauge('memory', 'By', 2.1e9 + 4e7 * wave),
          gauge('latency', 'ms', (wrong(instance, minute) ? 900 : 40) + 5 * wave),
          metricPoint({
            instance,
            metric: 'requests',
            unit: '1',
            at,
            kind: 'counter',
            value: 1e6 - 113 * minute,
          }),
        ];
      }),
    ),
    signal,
  );
  await warehouse.mergeReviewItems(
    Array.from({ length: waitingRows }, (_, index) =>
      reviewItemRow({
        itemId: `item-${index}`,
        instance: instances[index % instances.length]!,
        at: before(index === 0 ? anomalous[0]! : 30 + 5 * index),
        isolationScore: -0.35 + 0.05 * index,
        probability: index % 2 === 0 ? 0.52 : null,
        reason: (['high-impact', 'low-confidence', 'borderline-normal'] as const)[index % 3]!,
        explanation: `Picked as number ${index + 1}: cpu is far above its usual level.`,
        priority: 1 - index / 10,
        pickedAt: newest,
      }),
    ),
    signal,
  );
}

async function storeModels(platform: Platform, newest: Timestamp, signal: AbortSignal): Promise<void> {
  const order = { by: 'the test', reason: 'to be seen' };
  const fields = (f1: number) => ({
    metrics: { f1, precision: f1 + 0.02, recall: f1 - 0.02, averagePrecision: 0.9, logLoss: null },
    parameters: { maxDepth: 6, learningRate: 0.1, rounds: 100 },
    dataWindow: { from: shiftTimestamp(newest, -7 * 1_440 * minuteMs), to: newest, rows: 403_200 },
  });
  const store = async (model: 'xgboost_anomaly' | 'catboost_anomaly', f1: number) => ({
    model,
    version: await publish(platform, anomalyScope(model), model, fields(f1)),
  });
  const champion = await store('xgboost_anomaly', 0.93);
  const challenger = await store('catboost_anomaly', 0.941);
  await setAlias(platform, 'champion', champion, order, signal);
  await setAlias(platform, 'challenger', challenger, order, signal);
  await setRouting(platform, { champion: 70, challenger: 30 }, order, signal);
}
