import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  enqueueScoring,
  routingStatus,
  scoreAnomalies,
  scoreInstance,
  servingOf,
} from '../../../src/anomalies';
import { anomalyModel, type AnomalyModelParts } from '../../../src/anomalies/model';
import { setRouting } from '../../../src/anomalies/route/routingState';
import {
  explainQueue,
  scoreQueue,
  scoreRequestSchema,
  toTimestamp,
  type MetricPoint,
  type ScoreAnswer,
} from '../../../src/contracts';
import { rowOf } from '../../../src/learn/matrix';
import { setAlias } from '../../../src/registry';
import type { Serving } from '../../../src/anomalies/serve/serving';
import { closedGate } from '../../support/gate';
import { withPlatform, type TestPlatform } from '../../support/platform';
import {
  featuresOfSeries,
  fitSmallModel,
  publishAnomalyModel,
  serverMetrics,
  serverSeries,
  serverSet,
} from '../../support/publishedAnomalyModel';
import { metricPoint } from '../../support/warehouseRows';

const signal = AbortSignal.timeout(110_000);
const order = { by: 'a test', reason: 'to see' };
const minuteMs = 60_000;

describe('scoring', () => {
  const open = withPlatform();
  let parts: AnomalyModelParts;
  beforeAll(async () => {
    parts = await fitSmallModel('xgboost_anomaly');
  }, 120_000);

  async function setUp() {
    const platform = await open();
    const champion = await publishAnomalyModel(platform, parts);
    await setAlias(platform, 'champion', champion, order, signal);
    const ask = (request: object, headers: Record<string, string> = {}): Promise<ScoreAnswer> =>
      scoreAnomalies(
        platform,
        servingOf(platform),
        scoreRequestSchema.parse(request),
        new Headers(headers),
        signal,
      );
    return { platform, champion, ask };
  }

  /** A series that ends now, on the test's clock. */
  function recentSeries(platform: TestPlatform, n: number) {
    const series = serverSeries(n, 9);
    const last = Math.floor(platform.clock.now() / minuteMs);
    const first = last - n + 1;
    const points = serverMetrics.flatMap((metric, column) =>
      Array.from({ length: n }, (_, row): MetricPoint =>
        metricPoint({
          instance: 'web-1',
          metric,
          at: toTimestamp((first + row) * minuteMs),
          value: series.values[row * 3 + column]!,
        }),
      ),
    );
    return { series, first, last, points };
  }
  const rowsOf = (n: number) => {
    const rows = featuresOfSeries(serverSeries(n, 5));
    return Array.from({ length: n }, (_, row) =>
      Array.from(rowOf(rows, row), (value) => (Number.isNaN(value) ? null : value)),
    );
  };

  test('ready features give the model’s own probabilities, with what moved them', async () => {
    const { ask, champion } = await setUp();
    const rows = featuresOfSeries(serverSeries(240, 5));
    const answer = await ask({
      features: { names: serverSet.names, rows: rowsOf(240) },
      allowMissing: true,
      contributions: 3,
    });
    const native = anomalyModel(parts, champion.version, new Uint8Array(0)).score(rows).probabilities;
    answer.results.forEach(({ score }, row) => expect(Math.abs(score - native[row]!)).toBeLessThan(1e-4));
    expect(answer).toMatchObject({
      ...champion,
      role: 'champion',
      featureSet: serverSet.id,
      thresholds: { anomaly: 0.5, explain: 0.85 },
      stored: 0,
    });
    const fault = answer.results[95]!;
    expect(fault).toMatchObject({ label: 1 });
    expect(fault.confidence).toBe(fault.score);
    expect(fault.contributions).toHaveLength(3);
    expect(fault.contributions[0]!.feature).toMatch(/cpu|latency/);
    expect(answer.results[50]).toMatchObject({ label: 0 });
  });

  test('features may come in any order, and as objects', async () => {
    const { ask } = await setUp();
    const [row] = rowsOf(100).slice(-1);
    const table = { names: [...serverSet.names].reverse(), rows: [[...row!].reverse()] };
    const object = Object.fromEntries(serverSet.names.map((name, index) => [name, row![index]]));
    const answers = [
      await ask({ features: { names: serverSet.names, rows: [row] }, allowMissing: true }),
      await ask({ features: table, allowMissing: true }),
      await ask({ features: [object], allowMissing: true }),
      await ask({ model: 'xgboost_anomaly', features: [object], allowMissing: true }),
    ];
    expect(new Set(answers.map(({ results }) => results[0]!.score)).size).toBe(1);
    expect(answers.map(({ role }) => role)).toEqual(['champion', 'champion', 'champion', 'named']);
  });

  test.each<[string, object, string, string]>([
    [
      'a feature that the model does not know',
      { features: [{ colour: 1 }], allowMissing: true },
      'FEATURES_MISMATCH',
      'colour',
    ],
    ['a feature that is lacking', { features: [{ cpu__value: 1 }] }, 'FEATURES_MISMATCH', 'latency'],
    [
      'a null that nobody allowed',
      { features: { names: serverSet.names, rows: [serverSet.names.map(() => null)] } },
      'INPUT_INVALID',
      'null',
    ],
    [
      'a row that is too short',
      { features: { names: serverSet.names, rows: [[1]] } },
      'INPUT_INVALID',
      'row 0',
    ],
    ['no rows', { features: { names: serverSet.names, rows: [] } }, 'INPUT_INVALID', 'rows'],
    [
      'a text for a number',
      { features: [{ cpu__value: 'high' }], allowMissing: true },
      'INPUT_INVALID',
      'string',
    ],
    [
      'a number beyond every float',
      { features: [{ cpu__value: 1e300 }], allowMissing: true },
      'INPUT_INVALID',
      'fit',
    ],
    [
      'a name given twice',
      { features: { names: ['cpu__value', 'cpu__value'], rows: [[1, 1]] }, allowMissing: true },
      'INPUT_INVALID',
      'twice',
    ],
    ['neither features nor metrics', {}, 'INPUT_INVALID', 'either'],
    [
      'metrics of nobody',
      { metrics: [{ metric: 'cpu', at: '2026-07-01T00:00:00Z', value: 1 }] },
      'INPUT_INVALID',
      'instance',
    ],
    [
      'an unknown metric',
      {
        instance: 'web-1',
        metrics: [{ metric: 'colour', at: '2026-07-01T00:00:00Z', value: 1 }],
        allowMissing: true,
      },
      'FEATURES_MISMATCH',
      'colour',
    ],
    [
      'a lacking metric',
      { instance: 'web-1', metrics: [{ metric: 'cpu', at: '2026-07-01T00:00:00Z', value: 1 }] },
      'FEATURES_MISMATCH',
      'latency',
    ],
    [
      'a time that is none',
      { instance: 'web-1', metrics: [{ metric: 'cpu', at: 'yesterday', value: 1 }], allowMissing: true },
      'INPUT_INVALID',
      'metrics.0.at',
    ],
    [
      'metrics of years',
      {
        instance: 'web-1',
        allowMissing: true,
        metrics: [
          { metric: 'cpu', at: '2020-07-01T00:00:00Z', value: 1 },
          { metric: 'cpu', at: '2026-07-01T00:00:00Z', value: 1 },
        ],
      },
      'INPUT_INVALID',
      'span',
    ],
    [
      'times that are not as many as rows',
      { features: [{ cpu__value: 1 }], allowMissing: true, at: [] },
      'INPUT_INVALID',
      'at',
    ],
    [
      'a model without a version',
      { model: 'isolation_forest', features: [{ cpu__value: 1 }], allowMissing: true },
      'MODEL_MISSING',
      'isolation_forest',
    ],
    [
      'a version that does not exist',
      { model: 'xgboost_anomaly', version: '2026/q3/r9', features: [{ cpu__value: 1 }], allowMissing: true },
      'MODEL_MISSING',
      'r9',
    ],
    [
      'a version of the routed model',
      { version: '2026/q3/r1', features: [{ cpu__value: 1 }], allowMissing: true },
      'INPUT_INVALID',
      'version',
    ],
  ])('%s is refused, and said', async (_name, request, code, said) => {
    const { ask } = await setUp();
    await expect(ask(request)).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });

  test('recent metrics of an instance become the same features, and its fault is kept and sent to be explained', async () => {
    const { ask, platform } = await setUp();
    const { points, series, first } = recentSeries(platform, 216);
    const metrics = points.map(({ metric, at, value }) => ({ metric, at, value }));
    const answer = await ask({ instance: 'web-1', metrics, minutes: 10 });
    expect(answer.results).toHaveLength(10);
    expect(series.faulty.slice(-10).map(Number)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    const rows = featuresOfSeries(series, first);
    const native = anomalyModel(parts, answer.version, new Uint8Array(0)).score(rows).probabilities;
    answer.results.forEach(({ score }, row) =>
      expect(Math.abs(score - native[206 + row]!)).toBeLessThan(1e-4),
    );
    expect(answer.results.at(-1)).toMatchObject({ label: 1, at: points.at(-1)!.at });
    expect(answer.stored).toBe(10);
    const stored = await platform.warehouse.anomalyScores({ instance: 'web-1', limit: 100 }, signal);
    expect(stored).toHaveLength(10);
    expect(stored[0]).toMatchObject({ label: 1, role: 'champion', unit: 'web-1', threshold: 0.5 });
    const certain = stored.filter(({ label, confidence }) => label === 1 && confidence > 0.85).length;
    expect(answer.explanationsRequested).toBe(certain);
    expect(certain).toBeGreaterThan(0);
    expect(await platform.queues.count(explainQueue, signal)).toBe(certain);
  });

  test('the timer sends one message per instance that has reported lately', async () => {
    const { platform } = await setUp();
    const { points } = recentSeries(platform, 3);
    const old = { ...points[0]!, instance: 'old-1', at: '2026-01-01T00:00:00.000000Z' };
    await platform.warehouse.mergeMetricPoints([...points, { ...points[0]!, instance: 'db-1' }, old], signal);
    const instances = await enqueueScoring(platform, signal);
    expect(instances.sort()).toEqual(['db-1', 'web-1']);
    expect(await platform.queues.count(scoreQueue, signal)).toBe(2);
  });

  test('new minutes of an instance are scored once, late ones when they come', async () => {
    const { platform } = await setUp();
    const { points, last } = recentSeries(platform, 216);
    const late = points.filter(({ at }) => at === toTimestamp((last - 2) * minuteMs));
    await platform.warehouse.mergeMetricPoints(
      points.filter((point) => !late.includes(point)),
      signal,
    );
    const run = () => scoreInstance(platform, servingOf(platform), { instance: 'web-1' }, signal);
    expect(await run()).toMatchObject({ status: 'ok', counts: { scored: 60 } });
    expect(await run()).toMatchObject({ status: 'skipped', counts: { scored: 0 } });
    await platform.warehouse.mergeMetricPoints(late, signal);
    expect(await run()).toMatchObject({ status: 'ok', counts: { scored: 1 } });
    const stored = await platform.warehouse.anomalyScores({ instance: 'web-1', limit: 1_000 }, signal);
    expect(stored).toHaveLength(61);
    const faults = stored.filter(({ label }) => label === 1);
    expect(faults.length).toBeGreaterThan(3);
    expect(JSON.parse(faults[0]!.contributionsJson)).toHaveLength(10);
    expect(await platform.warehouse.runs({ pipeline: 'anomaly-score', limit: 10 }, signal)).toHaveLength(3);
  });

  test('an instance without a model, and one without points, is nothing to fail over', async () => {
    const platform = await open();
    const run = await scoreInstance(platform, servingOf(platform), { instance: 'web-1' }, signal);
    expect(run).toMatchObject({ status: 'skipped', detail: expect.stringContaining('champion') });
    const { platform: served } = await setUp();
    expect(await scoreInstance(served, servingOf(served), { instance: 'web-1' }, signal)).toMatchObject({
      status: 'skipped',
    });
  });

  test('in shadow mode the challenger’s scores are kept beside the champion’s, and its failure harms nothing', async () => {
    const { platform } = await setUp();
    const challenger = await publishAnomalyModel(platform, { ...parts, name: 'catboost_anomaly' });
    await setAlias(platform, 'challenger', challenger, order, signal);
    await setRouting(platform, { champion: 100, challenger: 0, shadow: true }, order, signal);
    await servingOf(platform).router.refresh();
    const { points } = recentSeries(platform, 30);
    await platform.warehouse.mergeMetricPoints(points, signal);
    await scoreInstance(platform, servingOf(platform), { instance: 'web-1' }, signal);
    const roles = (await platform.warehouse.anomalyScores({ instance: 'web-1', limit: 100 }, signal)).map(
      ({ role }) => role,
    );
    expect(roles.filter((role) => role === 'champion')).toHaveLength(30);
    expect(roles.filter((role) => role === 'shadow')).toHaveLength(30);

    const other = await setUp();
    const broken = await publishAnomalyModel(
      other.platform,
      { ...parts, name: 'catboost_anomaly' },
      { onnx: (bytes) => bytes.subarray(0, 1_000) },
    );
    await setAlias(other.platform, 'challenger', broken, order, signal);
    await setRouting(other.platform, { champion: 100, challenger: 0, shadow: true }, order, signal);
    const answer = await other.ask({ features: [{ cpu__value: 1 }], allowMissing: true });
    expect(answer.role).toBe('champion');
  });

  test('no answer waits for a silent model, and what it says is kept when the process ends', async () => {
    const { platform } = await setUp();
    const challenger = await publishAnomalyModel(platform, { ...parts, name: 'catboost_anomaly' });
    await setAlias(platform, 'challenger', challenger, order, signal);
    await setRouting(platform, { champion: 100, challenger: 0, shadow: true }, order, signal);
    const serving = servingOf(platform);
    await serving.router.refresh();
    const gate = closedGate();
    const use: Serving['server']['use'] = async (model, ...rest) => {
      if (model === challenger.model) await gate.passed;
      return serving.server.use(model, ...rest);
    };
    const server = new Proxy(serving.server, { get: (_, name) => (name === 'use' ? use : undefined) });
    const at = toTimestamp(platform.clock.now());
    const request = { instance: 'web-1', features: [{ cpu__value: 1 }], at: [at], allowMissing: true };
    const answer = await scoreAnomalies(
      platform,
      { ...serving, server },
      scoreRequestSchema.parse(request),
      new Headers(),
      signal,
    );
    expect(answer).toMatchObject({ role: 'champion', stored: 1 });
    const roles = async () =>
      (await platform.warehouse.anomalyScores({ instance: 'web-1', limit: 10 }, signal)).map(
        ({ role }) => role,
      );
    expect(await roles()).toEqual(['champion']);
    const finished = platform.later.finish();
    gate.open();
    await finished;
    expect((await roles()).sort()).toEqual(['champion', 'shadow']);
  });

  test('a challenger that cannot be loaded is answered for by the champion, and the operators hear of it', async () => {
    const { platform, ask, champion } = await setUp();
    const broken = await publishAnomalyModel(
      platform,
      { ...parts, name: 'catboost_anomaly' },
      { onnx: (bytes) => bytes.subarray(0, 1_000) },
    );
    await setAlias(platform, 'challenger', broken, order, signal);
    await setRouting(platform, { champion: 0, challenger: 100 }, order, signal);
    expect(await ask({ features: [{ cpu__value: 1 }], allowMissing: true })).toMatchObject({
      ...champion,
      role: 'champion',
    });
    expect(platform.telemetry.metrics).toContainEqual(expect.objectContaining({ name: 'routing.fallback' }));
    const { split } = await routingStatus(platform, servingOf(platform).split, signal);
    expect(split.mismatch).toBe(true);
  });

  test('a graph larger than the setting allows is not loaded, whoever published it', async () => {
    const platform = await open({ environment: { ANOMALY_MODEL_BYTES: '1024' } });
    await setAlias(platform, 'champion', await publishAnomalyModel(platform, parts), order, signal);
    const request = scoreRequestSchema.parse({ features: [{ cpu__value: 1 }], allowMissing: true });
    const answer = scoreAnomalies(platform, servingOf(platform), request, new Headers(), signal);
    await expect(answer).rejects.toThrow('at most 1024 are loaded');
  });

  test('a current version whose graph is cut short gives way to the one before', async () => {
    const { platform, ask, champion } = await setUp();
    await publishAnomalyModel(platform, parts, { onnx: (bytes) => bytes.subarray(0, bytes.length / 2) });
    const answer = await ask({ model: 'xgboost_anomaly', features: [{ cpu__value: 1 }], allowMissing: true });
    expect(answer.version).toBe(champion.version);
    expect(platform.telemetry.metrics).toContainEqual(expect.objectContaining({ name: 'model.fallback' }));
  });
});
