import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setAlias } from '../../src/registry';
import { withAzurite } from '../support/azurite';
import {
  featuresOfSeries,
  fitSmallModel,
  publishAnomalyModel,
  serverSeries,
} from '../support/publishedAnomalyModel';
import { startServer, type RunningServer } from '../support/runningServer';
import { testStorage } from '../support/storage';
import { InferenceClient, InferenceServerError, type Tensor } from './inferenceClient';

const signal = AbortSignal.timeout(240_000);

interface ModelMetadata {
  name: string;
  versions?: string[];
  platform: string;
  inputs: { name: string; datatype: string; shape: number[] }[];
  outputs: { name: string; datatype: string; shape: number[] }[];
}

describe('a client written to the specification', () => {
  const azurite = withAzurite();
  let server: RunningServer;
  let client: InferenceClient;
  let input: Tensor;
  const rows = featuresOfSeries(serverSeries(200, 5));
  /** Rows without a missing value: JSON has no NaN. */
  const first = 100;
  const n = 100;

  beforeAll(async () => {
    const storage = testStorage(azurite(), 'prediction-artifacts');
    const order = { by: 'a test', reason: 'to see' };
    const parts = await fitSmallModel('xgboost_anomaly');
    await publishAnomalyModel(storage, parts);
    const champion = await publishAnomalyModel(storage, parts);
    const challenger = await publishAnomalyModel(storage, { ...parts, name: 'catboost_anomaly' });
    await setAlias(storage, 'champion', champion, order, signal);
    await setAlias(storage, 'challenger', challenger, order, signal);
    server = await startServer(azurite());
    client = new InferenceClient(server.url);
    const metadata = (await client.get('v2/models/xgboost_anomaly')) as ModelMetadata;
    const [tensor] = metadata.inputs;
    input = {
      name: tensor!.name,
      datatype: tensor!.datatype,
      shape: [n, tensor!.shape[1]!],
      data: [...rows.values.subarray(first * rows.d, (first + n) * rows.d)],
    };
  }, 240_000);
  afterAll(async () => {
    await server?.stop();
  });
  const refused = async (work: Promise<unknown>): Promise<InferenceServerError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InferenceServerError);
    return error as InferenceServerError;
  };

  test('finds the server alive and ready, and learns what it can do', async () => {
    expect(await client.get('v2/health/live')).toMatchObject({ live: true });
    expect(await client.get('v2/health/ready')).toMatchObject({ live: true });
    expect(await client.get('v2')).toEqual({
      name: expect.any(String),
      version: expect.any(String),
      extensions: expect.arrayContaining(['binary_tensor_data', 'model_repository', 'statistics']),
    });
  });

  test('learns a model’s tensors and versions, and that each of them is ready', async () => {
    const metadata = (await client.get('v2/models/xgboost_anomaly')) as ModelMetadata;
    expect(metadata.inputs).toEqual([{ name: expect.any(String), datatype: 'FP32', shape: [-1, rows.d] }]);
    expect(metadata.outputs).toEqual([
      { name: 'label', datatype: 'INT64', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
    ]);
    expect(metadata.versions).toHaveLength(2);
    for (const version of metadata.versions!) {
      expect(version).toMatch(/^[A-Za-z0-9._-]+$/);
      expect(await client.get(`v2/models/xgboost_anomaly/versions/${version}/ready`)).toEqual({
        name: 'xgboost_anomaly',
        ready: true,
      });
      const answer = await client.infer('xgboost_anomaly', [input], { version });
      expect(answer.modelVersion).toBe(version);
    }
  });

  test('gets the same answer by JSON and by bytes, in and out', async () => {
    const plain = await client.infer('xgboost_anomaly', [input], { id: 'request 42' });
    expect(plain).toMatchObject({ modelName: 'xgboost_anomaly', id: 'request 42', binaryOutputs: [] });
    const label = plain.outputs.get('label')!;
    const probabilities = plain.outputs.get('probabilities')!;
    expect(label).toMatchObject({ datatype: 'INT64', shape: [n] });
    expect(probabilities).toMatchObject({ datatype: 'FP32', shape: [n, 2] });
    expect(label.data.filter((value) => Number(value) === 1).length).toBeGreaterThan(0);
    for (let row = 0; row < n; row++) {
      const [normal, anomaly] = [
        Number(probabilities.data[2 * row]),
        Number(probabilities.data[2 * row + 1]),
      ];
      expect(Math.abs(normal + anomaly - 1)).toBeLessThan(1e-5);
      expect(Number(label.data[row])).toBe(Number(anomaly >= 0.5));
    }
    const binary = await client.infer('xgboost_anomaly', [input], { binaryInput: true, allBinary: true });
    expect(binary.binaryOutputs).toEqual(['label', 'probabilities']);
    expect(binary.outputs.get('label')!.data.map(Number)).toEqual(label.data.map(Number));
    expect(binary.outputs.get('probabilities')!.data.map(Number)).toEqual(
      probabilities.data.map((value) => Math.fround(Number(value))),
    );
    const mixed = await client.infer('xgboost_anomaly', [input], {
      allBinary: true,
      outputs: [{ name: 'probabilities' }, { name: 'label', binary: false }],
    });
    expect([...mixed.outputs.keys()]).toEqual(['probabilities', 'label']);
    expect(mixed.binaryOutputs).toEqual(['probabilities']);
  });

  test('may send doubles that are floats, and is told of one that is not', async () => {
    const doubles = { ...input, datatype: 'FP64' };
    const same = await client.infer('xgboost_anomaly', [doubles], { binaryInput: true });
    const floats = await client.infer('xgboost_anomaly', [input]);
    expect(same.outputs).toEqual(floats.outputs);
    const data = [...input.data];
    data[7] = 0.1;
    const error = await refused(
      client.infer('xgboost_anomaly', [{ ...doubles, data }], { binaryInput: true }),
    );
    expect(error.status).toBe(400);
    expect(error.message).toContain('[0, 7]');
  });

  test('is routed by its cookie, always to the same model', async () => {
    const answer = await client.infer('anomaly', [input]);
    expect(answer.modelName).toBe('anomaly');
    const cookie = answer.cookie!.split(';')[0]!;
    for (let again = 0; again < 5; again++) {
      const next = await client.infer('anomaly', [input], { headers: { cookie } });
      expect(next.modelVersion).toBe(answer.modelVersion);
      expect(next.cookie).toBeNull();
    }
  });

  test('never sees a request fail while versions are promoted under it', async () => {
    const storage = testStorage(azurite(), 'prediction-artifacts');
    const answered = new Map<string, number>();
    const promoting = new AbortController();
    const lane = async (): Promise<void> => {
      while (!promoting.signal.aborted) {
        const { modelVersion, outputs } = await client.infer('xgboost_anomaly', [input], {
          binaryInput: true,
        });
        expect(outputs.get('label')!.data).toHaveLength(n);
        answered.set(modelVersion!, (answered.get(modelVersion!) ?? 0) + 1);
      }
    };
    const lanes = Promise.all(Array.from({ length: 8 }, lane));
    let last = '';
    for (let round = 0; round < 3; round++) {
      const parts = await fitSmallModel('xgboost_anomaly', round + 2);
      last = (await publishAnomalyModel(storage, parts)).version.replaceAll('/', '-');
      while (!answered.has(last)) await new Promise((resolve) => setImmediate(resolve));
    }
    promoting.abort();
    await lanes;
    expect(answered.size).toBe(4);
  });

  test('reads the repository’s index and the statistics', async () => {
    const index = (await client.post('v2/repository/index', {})) as Record<string, string>[];
    expect(index.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['xgboost_anomaly', 'catboost_anomaly', 'anomaly']),
    );
    const ready = (await client.post('v2/repository/index', { ready: true })) as Record<string, string>[];
    expect(ready.every(({ state }) => state === 'READY')).toBe(true);
    expect((await refused(client.post('v2/repository/models/xgboost_anomaly/unload', {}))).status).toBe(400);
    const before = (await client.get('v2/models/xgboost_anomaly/stats')) as {
      model_stats: {
        version: string;
        inference_count: number;
        inference_stats: { success: { count: number; ns: number } };
      }[];
    };
    const { modelVersion } = await client.infer('xgboost_anomaly', [input]);
    const after = (await client.get(
      `v2/models/xgboost_anomaly/versions/${modelVersion}/stats`,
    )) as typeof before;
    const was = before.model_stats.find(({ version }) => version === modelVersion)!;
    expect(after.model_stats[0]!.inference_count).toBe(was.inference_count + n);
    expect(after.model_stats[0]!.inference_stats.success.count).toBe(was.inference_stats.success.count + 1);
  });

  test.each<
    [
      string,
      (tensor: Tensor) => { model?: string; tensors?: Tensor[]; version?: string; output?: string },
      number,
    ]
  >([
    ['an unknown model', () => ({ model: 'unknown' }), 404],
    ['a version that is not there', () => ({ version: '1' }), 404],
    ['an unknown output', () => ({ output: 'scores' }), 400],
    ['an unknown input', (tensor) => ({ tensors: [{ ...tensor, name: 'other' }] }), 400],
    ['a width that is not the model’s', (tensor) => ({ tensors: [{ ...tensor, shape: [n, 3] }] }), 400],
    ['fewer values than the shape says', (tensor) => ({ tensors: [{ ...tensor, data: [1] }] }), 400],
    [
      'a shape of 2^31 rows',
      (tensor) => ({ tensors: [{ ...tensor, shape: [2 ** 31, tensor.shape[1]!] }] }),
      400,
    ],
    ['an unknown datatype', (tensor) => ({ tensors: [{ ...tensor, datatype: 'FP8' }] }), 400],
  ])('is told of %s', async (_name, change, status) => {
    const { model = 'xgboost_anomaly', tensors = [input], version, output } = change(input);
    const error = await refused(
      client.infer(model, tensors, {
        ...(version !== undefined && { version }),
        ...(output !== undefined && { outputs: [{ name: output }] }),
      }),
    );
    expect(error.status).toBe(status);
    expect(error.message).not.toBe('');
  });

  test('after 100 MB of nonsense and a header that lies the server lives', async () => {
    const big = await fetch(`${server.url}/v2/models/xgboost_anomaly/infer`, {
      method: 'POST',
      body: Buffer.alloc(100_000_000, 0x20),
      headers: { 'inference-header-content-length': '4000000000' },
    });
    expect([400, 413]).toContain(big.status);
    const bomb = await fetch(`${server.url}/v2/models/xgboost_anomaly/infer`, {
      method: 'POST',
      body: Buffer.from('not gzip'),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(bomb.status).toBe(400);
    expect(await bomb.json()).toEqual({ error: expect.any(String) });
    expect(await client.get('v2/health/live')).toEqual({ live: true });
    expect(await server.stop()).toBe(0);
  });
});
