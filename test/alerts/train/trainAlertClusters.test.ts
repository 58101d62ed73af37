import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  alertClusterScope,
  alertModelFiles,
  currentAlertModel,
  decodeAlertModel,
  placeAlerts,
} from '../../../src/alerts/model';
import {
  archiveAlerts,
  promoteAlertModel,
  rollbackAlertModel,
  trainAlertClusters,
  type AlertTrainingReport,
} from '../../../src/alerts/train';
import { listVersions, readVersion } from '../../../src/registry';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { alertsOfKinds, kindColumns } from './kindsOfAlerts';

const platformOf = withPlatform();
const signal = AbortSignal.timeout(120_000);
let platform: TestPlatform;

const train = (request = {}): Promise<AlertTrainingReport> =>
  trainAlertClusters(platform, request, { signal });
const versions = async (): Promise<string[]> =>
  (await listVersions(platform, alertClusterScope, signal)).map(({ version }) => version);

beforeEach(async () => {
  platform = await platformOf();
});

describe('weekly training', () => {
  test('the first model is promoted when it is valid, as v1 with every file', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 400), signal);
    const report = await train();
    expect(report).toMatchObject({
      status: 'promoted',
      version: 'v1',
      alerts: 400,
      resumed: false,
      code: null,
    });
    const { files } = await readVersion(platform, alertClusterScope, 'v1', signal);
    expect([...files.keys()].sort()).toEqual(Object.values(alertModelFiles).sort());
    const metadata = JSON.parse(Buffer.from(files.get(alertModelFiles.metadata)!).toString()) as unknown;
    expect(metadata).toMatchObject({
      version: 'v1',
      algorithm: 'k-means',
      n_clusters: 3,
      silhouette_score: expect.closeTo(0.7, 0),
      n_samples: expect.any(Number),
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      feature_count: 6,
      feature_names: kindColumns,
      pca_components: expect.any(Number),
    });

    // It places new alerts, and its profiles say what the kinds are.
    const model = (await currentAlertModel(platform, signal, kindColumns))!;
    const fresh = alertsOfKinds([0, 1, 2], 60, { seed: 9 });
    const { cluster, confidence, outlier } = placeAlerts(model, fresh.features.rows);
    const profileOf = new Map(model.profiles.map((profile) => [profile.cluster, profile]));
    fresh.alerts.forEach(({ name, service }, row) => {
      expect(profileOf.get(cluster[row]!)).toMatchObject({
        mostCommonAlert: name,
        mostCommonService: service,
      });
      expect(confidence[row]).toBeGreaterThan(0.2);
    });
    expect(outlier.filter((flag) => flag === 1).length).toBeLessThan(15);
    expect(model.profiles.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(300);

    // Files that lack one, or hold another algorithm's model, are refused.
    for (const path of Object.values(alertModelFiles)) {
      if (path === alertModelFiles.report || path === alertModelFiles.nameEmbedding) continue;
      const without = new Map([...files].filter(([name]) => name !== path));
      expect(() => decodeAlertModel('v1', without)).toThrow(
        expect.objectContaining({ code: 'MODEL_CORRUPT' }),
      );
    }
    const other = Buffer.from(JSON.stringify({ ...model.metadata, algorithm: 'dbscan' }));
    expect(() => decodeAlertModel('v1', new Map(files).set(alertModelFiles.metadata, other))).toThrow(
      expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
    );
  });

  test('more of the same is kept as a candidate, with the reason', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 400), signal);
    await train();
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 300, { seed: 2, from: 400 }), signal);
    const report = await train();
    expect(report).toMatchObject({ status: 'candidate', version: 'v2', alerts: 700 });
    expect(report.detail).toMatch(/more than 5\.0 % better is needed/);
    expect((await currentAlertModel(platform, signal, kindColumns))?.version).toBe('v1');
    const { files } = await readVersion(platform, alertClusterScope, 'v2', signal);
    const kept = JSON.parse(Buffer.from(files.get(alertModelFiles.report)!).toString()) as unknown;
    expect(kept).toMatchObject({ comparedWith: 'v1', comparison: report.comparison, checks: report.checks });

    // By hand neither, for the gate is the one of the training.
    const order = { by: 'me', reason: 'test' };
    await expect(promoteAlertModel(platform, order, signal)).rejects.toMatchObject({ code: 'GATE_REFUSED' });
    await expect(promoteAlertModel(platform, { ...order, version: 'v7' }, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
  });

  test('a model that knows the kinds that have come since is promoted', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1], 300), signal);
    await train();
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2, 3, 4, 5], 900, { seed: 2, from: 300 }), signal);
    const report = await train();
    expect(report).toMatchObject({ status: 'promoted', version: 'v2' });
    expect(report.comparison!.improvement.lower).toBeGreaterThan(0);
    expect(report.comparison!.relativeImprovement).toBeGreaterThan(0.05);
    expect((await currentAlertModel(platform, signal, kindColumns))?.metadata.n_clusters).toBe(6);
  });

  test('every run leaves a heartbeat and a row; nothing new is nothing to do', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 200), signal);
    await train();
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'pipeline.heartbeat',
      value: 1,
      dimensions: { pipeline: 'alert-train', scope: 'clusters' },
    });
    const [run] = await platform.warehouse.runs({ limit: 1 }, signal);
    expect(run).toMatchObject({ status: 'ok', counts: { alerts: 200, clusters: 3 }, detail: 'v1' });

    expect(await train()).toMatchObject({ status: 'promoted', version: 'v1', resumed: true });
    expect(await versions()).toEqual(['v1']);
  });

  test('a version that was rolled back is not brought back by the same history, but by name', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1], 300), signal);
    await train();
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2, 3], 500, { seed: 2, from: 300 }), signal);
    await train();
    const order = { by: 'me', reason: 'test' };
    expect((await rollbackAlertModel(platform, order, signal)).version).toBe('v1');
    expect(await train()).toMatchObject({ status: 'candidate', version: 'v2', resumed: true });
    expect((await promoteAlertModel(platform, { ...order, version: 'v2' }, signal)).version).toBe('v2');
  });

  test('a model of other features than are asked about is not used, and that is said', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1], 100), signal);
    await train();
    expect(await currentAlertModel(platform, signal)).toBeUndefined();
    expect(platform.telemetry.logs).toContainEqual(
      expect.objectContaining({ severity: 'warning', fields: { version: 'v1' } }),
    );
  });

  test('a damaged current model is neither served nor compared with', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 300), signal);
    await train();
    await platform.blobs.write(`${alertClusterScope}/v1/${alertModelFiles.pca}`, Buffer.from('damaged'), {
      signal,
    });
    const elsewhere = { ...platform, blobs: { ...platform.blobs } };
    expect(await currentAlertModel(elsewhere, signal, kindColumns)).toBeUndefined();
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 100, { seed: 2, from: 300 }), signal);
    const report = await trainAlertClusters(elsewhere, {}, { signal });
    expect(report).toMatchObject({ status: 'promoted', version: 'v2', comparison: null });
  });
});

describe('training that cannot be', () => {
  test.each([0, 9])('%d alerts are skipped with a code and counted, and the run says so', async (n) => {
    if (n > 0) await archiveAlerts(platform, alertsOfKinds([0, 1], n), signal);
    expect(await train()).toMatchObject({
      status: 'skipped',
      code: 'DATA_TOO_FEW_ROWS',
      alerts: n,
      version: null,
    });
    expect(await versions()).toEqual([]);
    const [run] = await platform.warehouse.runs({ limit: 1 }, signal);
    expect(run).toMatchObject({ pipeline: 'alert-train', status: 'skipped', counts: { alerts: n } });
  });

  test('ten alerts are enough, though one of them may be set aside', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1], 10), signal);
    expect(await train()).toMatchObject({ version: 'v1', alerts: 10, code: null });
  });

  test('alerts that are all alike are skipped', async () => {
    const alike = alertsOfKinds([0], 50);
    alike.features.rows.values.fill(1);
    await archiveAlerts(platform, alike, signal);
    expect(await train()).toMatchObject({ status: 'skipped', code: 'CLUSTERS_NOT_FOUND' });
  });

  test('two at once: one trains, the other leaves it to that one', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 300), signal);
    const lease = await platform.blobs.acquireLease('train/alerts/clusters', { signal });
    expect(await train()).toMatchObject({ status: 'elsewhere', version: null });
    await lease.release();
    expect(await train()).toMatchObject({ status: 'promoted' });
  });

  test('a training that is told to stop stops, and the next one is whole', async () => {
    await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 300), signal);
    const controller = new AbortController();
    const onProgress = ({ stage }: { stage: string }): void => {
      if (stage === 'learn') controller.abort();
    };
    const stopped = trainAlertClusters(platform, {}, { signal: controller.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await versions()).toEqual([]);
    expect(await train()).toMatchObject({ status: 'promoted', version: 'v1' });
  });
});
