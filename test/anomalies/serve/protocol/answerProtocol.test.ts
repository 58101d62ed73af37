import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ModelServer } from '../../../../src/anomalies/serve/modelServer';
import { answerProtocol } from '../../../../src/anomalies/serve/protocol/answerProtocol';
import type { ProtocolAnswer } from '../../../../src/anomalies/serve/protocol/inferenceAnswer';
import { CanaryHealth } from '../../../../src/anomalies/route/canary/canaryHealth';
import type { Router } from '../../../../src/anomalies/route/router';
import { SplitCounter } from '../../../../src/anomalies/route/splitCounter';
import type { Serving } from '../../../../src/anomalies/serve/serving';
import { QuarterdeckError } from '../../../../src/contracts';
import { anomalyScope } from '../../../../src/registry';
import { withAzurite } from '../../../support/azurite';
import { meanModel, MemorySource } from '../../../support/servedModels';
import { testStorage } from '../../../support/storage';
import { publish } from '../../../support/versions';

const d = 4;
const signal = AbortSignal.timeout(60_000);

describe('the inference protocol', () => {
  const azurite = withAzurite();
  let serving: Serving;
  let source: MemorySource;
  let storage: ReturnType<typeof testStorage>;

  beforeAll(async () => {
    storage = testStorage(azurite());
    source = new MemorySource();
    for (const content of ['one', 'two']) {
      const version = await publish(storage, anomalyScope('xgboost_anomaly'), content);
      source.promote(meanModel('xgboost_anomaly', version, d));
    }
    const server = new ModelServer(source, storage);
    const champion = { model: 'xgboost_anomaly', version: '2026/q3/r2' } as const;
    const router: Router = {
      choose: async (unit) => ({
        ...champion,
        ...(unit === 'old' && { version: '2026/q3/r1' }),
        role: 'champion',
        unit,
        position: 0,
        split: { key: 'one', share: 0 },
        champion,
        silent: undefined,
        canary: undefined,
      }),
      models: async () => [{ ...champion, role: 'champion' }],
    };
    const platform = { ...storage, newId: () => randomUUID() };
    serving = { platform, server, router, health: new CanaryHealth(platform), split: new SplitCounter() };
  });

  async function ask(
    path: string,
    options: { method?: string; body?: Uint8Array | string; headers?: Record<string, string> } = {},
  ): Promise<ProtocolAnswer & { json(): Record<string, unknown> }> {
    const request = new Request('http://localhost/v2', {
      method: options.body === undefined ? 'POST' : (options.method ?? 'POST'),
      headers: options.headers ?? {},
      ...(options.body !== undefined && { body: options.body as NonNullable<RequestInit['body']> }),
    });
    const answer = await answerProtocol(() => serving, {
      method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
      path,
      headers: request.headers,
      body: request.body,
      signal,
    });
    return { ...answer, json: () => JSON.parse(String(answer.body)) as Record<string, unknown> };
  }
  const rows = { name: 'features', shape: [2, d], datatype: 'FP32', data: [0, 0, 0, 0, 1, 1, 1, 1] };
  const infer = (document: object, path = 'models/xgboost_anomaly/infer', headers = {}) =>
    ask(path, { body: JSON.stringify(document), headers });

  test('the server says its name and extensions', async () => {
    expect((await ask('')).json()).toMatchObject({
      name: 'quarterdeck',
      extensions: ['binary_tensor_data', 'model_repository', 'statistics', 'parameters'],
    });
    expect((await ask('health/live')).json()).toEqual({ live: true });
    expect(await ask('health/ready')).toMatchObject({ status: 200 });
  });

  test('a model says its tensors, versions and features', async () => {
    const described = {
      name: 'xgboost_anomaly',
      versions: ['2026-q3-r1', '2026-q3-r2'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, d] }],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
      ],
      properties: { version: '2026-q3-r2', features: '["f0","f1","f2","f3"]', threshold: '0.5' },
    };
    expect((await ask('models/xgboost_anomaly')).json()).toMatchObject(described);
    for (const spelling of ['2026-q3-r1', '2026%2Fq3%2Fr1']) {
      expect((await ask(`models/xgboost_anomaly/versions/${spelling}`)).json()).toMatchObject({
        properties: { version: '2026-q3-r1' },
      });
    }
    expect((await ask('models/xgboost_anomaly/versions/2026-q3-r1/ready')).json()).toEqual({
      name: 'xgboost_anomaly',
      ready: true,
    });
  });

  test('rows are answered with labels and probabilities, the id echoed', async () => {
    expect((await infer({ id: '42', inputs: [rows] })).json()).toEqual({
      model_name: 'xgboost_anomaly',
      model_version: '2026-q3-r2',
      id: '42',
      outputs: [
        { name: 'label', shape: [2], datatype: 'INT64', data: [0, 1] },
        { name: 'probabilities', shape: [2, 2], datatype: 'FP32', data: [1, 0, 0, 1] },
      ],
    });
  });

  test('without an id there is none in the answer, and the named version answers', async () => {
    const answer = await infer({ inputs: [rows] }, 'models/xgboost_anomaly/versions/2026-q3-r1/infer');
    expect(answer.json()).toMatchObject({ model_version: '2026-q3-r1' });
    expect(answer.json()).not.toHaveProperty('id');
  });

  test('requested outputs come alone, in the order asked for, each in its form', async () => {
    const answer = await infer({
      inputs: [rows],
      parameters: { binary_data_output: true },
      outputs: [{ name: 'probabilities' }, { name: 'label', parameters: { binary_data: false } }],
    });
    const bytes = answer.body as Uint8Array;
    const length = Number(answer.headers['inference-header-content-length']);
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(JSON.parse(Buffer.from(bytes.subarray(0, length)).toString())).toMatchObject({
      outputs: [
        { name: 'probabilities', shape: [2, 2], parameters: { binary_data_size: 16 } },
        { name: 'label', data: [0, 1] },
      ],
    });
    const tensor = new DataView(bytes.buffer, bytes.byteOffset + length);
    expect([0, 4, 8, 12].map((offset) => tensor.getFloat32(offset, true))).toEqual([1, 0, 0, 1]);
    expect(bytes.byteLength - length).toBe(16);
  });

  test('a binary tensor goes in behind its JSON', async () => {
    const input = { name: 'features', shape: [2, d], datatype: 'FP32', parameters: { binary_data_size: 32 } };
    const json = Buffer.from(JSON.stringify({ inputs: [input] }));
    const body = Buffer.concat([json, Buffer.from(Float32Array.from(rows.data).buffer)]);
    const headers = { 'inference-header-content-length': String(json.length) };
    const answer = await ask('models/xgboost_anomaly/infer', { body, headers });
    expect(answer.json()).toMatchObject({ outputs: [{ data: [0, 1] }, {}] });
  });

  test.each<[string, (data: number[]) => unknown, string]>([
    ['a long flat list', (data) => data, ''],
    [
      'a long list of rows',
      (data) => Array.from({ length: data.length / d }, (_, row) => data.slice(row * d, (row + 1) * d)),
      '',
    ],
    ['a long list behind other words', (data) => data, 'more about "data": [1]'],
  ])('%s is answered as a short one would be', async (_name, shaped, id) => {
    const n = 3_000;
    const data = Array.from({ length: n * d }, (_, index) => Math.floor(index / d) / n);
    const input = { ...rows, shape: [n, d], data: shaped(data) };
    const answer = (await infer({ id, inputs: [input] })).json() as {
      outputs: { data: number[] }[];
      id: string;
    };
    expect(answer.id).toBe(id);
    expect(answer.outputs[0]!.data).toEqual(Array.from({ length: n }, (_, row) => Number(row >= n / 2)));
  });

  test.each<[string, (data: (number | null | string)[]) => object]>([
    ['one value short', (data) => ({ data: data.slice(1) })],
    ['a null among its numbers', (data) => ({ data: data.with(7_000, null) })],
    ['a text among its numbers', (data) => ({ data: data.with(7_000, '1') })],
    ['a number beyond every float', (data) => ({ data: data.with(7_000, 1e39) })],
    ['rows of another width', (data) => ({ data: Array.from({ length: 3_000 }, () => data.slice(0, 3)) })],
  ])('a long list with %s is refused', async (_name, change) => {
    const data = Array.from({ length: 3_000 * d }, () => 0.5);
    const answer = await infer({ inputs: [{ ...rows, shape: [3_000, d], ...change(data) }] });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ error: expect.any(String) });
  });

  test('the routed model says who answered, by the unit of header or cookie, and gives one to whoever has none', async () => {
    const path = 'models/anomaly/infer';
    const old = { model_name: 'anomaly', model_version: '2026-q3-r1' };
    expect((await infer({ inputs: [rows] }, path, { 'x-quarterdeck-unit': 'old' })).json()).toMatchObject(
      old,
    );
    expect(
      (await infer({ inputs: [rows] }, path, { cookie: 'a=b; quarterdeck_unit=old' })).json(),
    ).toMatchObject(old);
    const anonymous = await infer({ inputs: [rows] }, path);
    expect(anonymous.headers['set-cookie']).toMatch(/^quarterdeck_unit=[\w-]{36}; .*HttpOnly/);
    expect(anonymous.json()).toMatchObject({
      model_version: '2026-q3-r2',
      parameters: { model: 'xgboost_anomaly', role: 'champion' },
    });
  });

  test('a challenger that takes other features is not given rows in the columns of the champion', async () => {
    const version = await publish(storage, anomalyScope('catboost_anomaly'), 'wider');
    source.promote(meanModel('catboost_anomaly', version, d + 1));
    const usual = serving;
    serving = {
      ...usual,
      router: {
        choose: async (unit) => ({
          ...(await usual.router.choose(unit)),
          model: 'catboost_anomaly',
          version,
          role: 'challenger',
        }),
        models: () => usual.router.models(),
      },
    };
    const answer = await infer({ inputs: [rows] }, 'models/anomaly/infer');
    serving = usual;
    expect(answer.json()).toMatchObject({ parameters: { model: 'xgboost_anomaly', role: 'champion' } });
    expect(storage.telemetry.metrics.at(-1)).toMatchObject({
      name: 'routing.fallback',
      dimensions: { errorCode: 'FEATURES_MISMATCH' },
    });
  });

  test('the repository lists what there is and what is in memory', async () => {
    const listed = (await ask('repository/index', { body: '' })).json() as unknown as object[];
    expect(listed).toContainEqual({
      name: 'xgboost_anomaly',
      version: '2026-q3-r2',
      state: 'READY',
      reason: '',
    });
    expect(listed).toContainEqual({ name: 'anomaly', version: '', state: 'READY', reason: '' });
    const ready = (await ask('repository/index', { body: '{"ready":true}' })).json() as unknown as object[];
    expect(ready.every((model) => (model as { state: string }).state === 'READY')).toBe(true);
    expect(await ask('repository/models/xgboost_anomaly/load', { body: '' })).toMatchObject({ status: 400 });
    expect((await ask('repository/models/xgboost_anomaly/unload', { body: '' })).json()['error']).toContain(
      'unload',
    );
  });

  test('statistics count rows, runs and failures', async () => {
    await infer({ inputs: [rows] });
    await infer({ inputs: [{ ...rows, data: [1] }] });
    const all = (await ask('models/xgboost_anomaly/versions/2026-q3-r2/stats')).json() as {
      model_stats: Record<string, unknown>[];
    };
    expect(all.model_stats).toMatchObject([
      { name: 'xgboost_anomaly', version: '2026-q3-r2', last_inference: storage.clock.now() },
    ]);
    const [statistics] = all.model_stats;
    const { success, fail, compute_infer } = statistics!['inference_stats'] as Record<
      string,
      { count: number }
    >;
    expect(statistics!['inference_count']).toBeGreaterThanOrEqual(success!.count * 2);
    expect(fail!.count).toBeGreaterThan(0);
    expect(compute_infer!.count).toBe(statistics!['execution_count']);
    expect((await ask('models/stats')).json()).toHaveProperty('model_stats');
    expect((await ask('models/anomaly/stats')).json()).toMatchObject({
      model_stats: [{ version: '2026-q3-r2' }],
    });
  });

  test.each<[string, string, { method?: string; body?: string } | undefined, number]>([
    ['an unknown model', 'models/nobody', undefined, 404],
    ['a model without a version', 'models/isolation_forest/ready', undefined, 404],
    ['a version that does not exist', 'models/xgboost_anomaly/versions/2026-q3-r9', undefined, 404],
    ['a version that cannot exist', 'models/xgboost_anomaly/versions/latest', undefined, 404],
    ['a path out of the registry', 'models/xgboost_anomaly/versions/..%2F..%2Fcurrent', undefined, 404],
    ['a version of the routed model', 'models/anomaly/versions/2026-q3-r1', undefined, 404],
    ['an unknown path', 'models/xgboost_anomaly/explain', undefined, 404],
    ['an unknown probe', 'health/started', undefined, 404],
    ['an unknown area', 'everything', undefined, 404],
    ['inference by GET', 'models/xgboost_anomaly/infer', undefined, 405],
    ['metadata by POST', 'models/xgboost_anomaly', { body: '{}' }, 405],
    ['no JSON', 'models/xgboost_anomaly/infer', { body: '{"inputs":[{' }, 400],
    ['NaN in JSON', 'models/xgboost_anomaly/infer', { body: '{"inputs":[NaN]}' }, 400],
    ['no inputs', 'models/xgboost_anomaly/infer', { body: '{}' }, 400],
    ['an empty body', 'models/xgboost_anomaly/infer', { body: '' }, 400],
    ['deep JSON', 'models/xgboost_anomaly/infer', { body: '['.repeat(100_000) }, 400],
    ['a list', 'models/xgboost_anomaly/infer', { body: '[]' }, 400],
    ['two inputs', 'models/xgboost_anomaly/infer', { body: JSON.stringify({ inputs: [rows, rows] }) }, 400],
    [
      'an unknown output',
      'models/xgboost_anomaly/infer',
      { body: JSON.stringify({ inputs: [rows], outputs: [{ name: 'score' }] }) },
      400,
    ],
    [
      'an output asked for twice',
      'models/xgboost_anomaly/infer',
      { body: JSON.stringify({ inputs: [rows], outputs: [{ name: 'label' }, { name: 'label' }] }) },
      400,
    ],
    [
      'shared memory',
      'models/xgboost_anomaly/infer',
      { body: JSON.stringify({ inputs: [{ ...rows, parameters: { shared_memory_region: 'a' } }] }) },
      400,
    ],
    ['a readiness flag that is none', 'repository/index', { body: '{"ready":1}' }, 400],
  ])('%s is answered with the protocol’s error', async (_name, path, options, status) => {
    const answer = await ask(path, options);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({ error: expect.any(String) });
  });

  test.each<[string, string, number, number]>([
    ['is longer than the body', '99999', 32, 32],
    ['is no number', 'abc', 32, 32],
    ['is negative', '-1', 32, 32],
    ['is past every integer', '99999999999999999999', 32, 32],
    ['ends inside the JSON', '10', 32, 32],
    ['is missing', '', 32, 32],
    ['stands before a size past the body', 'json', 2 ** 31, 32],
    ['stands before a size past every integer', 'json', 2 ** 60, 32],
    ['stands before a negative size', 'json', -4, 32],
    ['stands before too small a size', 'json', 16, 32],
    ['stands before a tensor cut short', 'json', 32, 30],
  ])('a binary header that %s is refused', async (_name, header, size, sent) => {
    const input = {
      name: 'features',
      shape: [2, d],
      datatype: 'FP32',
      parameters: { binary_data_size: size },
    };
    const json = Buffer.from(JSON.stringify({ inputs: [input] }));
    const headers: Record<string, string> = {};
    if (header !== '')
      headers['inference-header-content-length'] = header === 'json' ? String(json.length) : header;
    const answer = await ask('models/xgboost_anomaly/infer', {
      body: Buffer.concat([json, Buffer.alloc(sent)]),
      headers,
    });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.json()).toEqual({ error: expect.any(String) });
  });

  test('what goes wrong inside is told to the operators and not to the caller', async () => {
    source.failure = new QuarterdeckError('STORAGE_UNAVAILABLE', 'AccountKey=secret did not answer');
    try {
      const answer = await ask('models/isolation_forest/ready');
      expect(answer.status).toBe(503);
      expect(answer.json()).toEqual({ error: 'Blob or queue storage did not answer.' });
      expect(storage.telemetry.exceptions.at(-1)).toMatchObject({ error: { code: 'STORAGE_UNAVAILABLE' } });
      expect(await ask('health/ready')).toMatchObject({ status: 503 });
    } finally {
      source.failure = undefined;
    }
  });
});
