import { describe, expect, test } from '@jest/globals';
import {
  anomalyScope,
  listExperiments,
  promoteChallenger,
  promoteVersion,
  readAliases,
  restorePreviousChampion,
  setAlias,
  type ModelReference,
} from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';
import { publish } from '../support/versions';

const signal = AbortSignal.timeout(60_000);
const order = { by: 'a test', reason: 'to see' };

describe('aliases of anomaly models', () => {
  const azurite = withAzurite();

  async function setUp() {
    const storage = testStorage(azurite());
    const versions: ModelReference[] = [];
    for (const model of ['xgboost_anomaly', 'catboost_anomaly', 'xgboost_anomaly'] as const) {
      versions.push({ model, version: await publish(storage, anomalyScope(model), model) });
    }
    const [a, b, c] = versions as [ModelReference, ModelReference, ModelReference];
    return { storage, a, b, c };
  }

  test('there are none before the first is set', async () => {
    const { storage } = await setUp();
    expect(await readAliases(storage, signal)).toBeUndefined();
    await expect(promoteChallenger(storage, order, signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('promotion swaps champion and challenger and remembers the one before', async () => {
    const { storage, a, b } = await setUp();
    await setAlias(storage, 'champion', a, order, signal);
    await setAlias(storage, 'challenger', b, order, signal);
    expect(await promoteChallenger(storage, order, signal)).toMatchObject({
      champion: b,
      challenger: a,
      previous: a,
      changedBy: 'a test',
    });
    expect(await restorePreviousChampion(storage, order, signal)).toMatchObject({
      champion: a,
      challenger: null,
      previous: null,
    });
    await expect(restorePreviousChampion(storage, order, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
  });

  test('a champion that is replaced by hand becomes previous', async () => {
    const { storage, a, b, c } = await setUp();
    await setAlias(storage, 'champion', a, order, signal);
    await setAlias(storage, 'challenger', c, order, signal);
    expect(await setAlias(storage, 'champion', c, order, signal)).toMatchObject({
      champion: c,
      challenger: null,
      previous: a,
    });
    expect(await setAlias(storage, 'champion', b, order, signal)).toMatchObject({ champion: b, previous: c });
  });

  test('what does not exist, or would leave no champion, is refused', async () => {
    const { storage, a } = await setUp();
    const missing: ModelReference = { model: 'isolation_forest', version: '2026/q3/r7' };
    await expect(setAlias(storage, 'champion', missing, order, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
    await setAlias(storage, 'champion', a, order, signal);
    await expect(setAlias(storage, 'challenger', a, order, signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(setAlias(storage, 'champion', null, order, signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect((await setAlias(storage, 'challenger', null, order, signal)).champion).toEqual(a);
  });

  test('of many who promote the same challenger at once all see it promoted once', async () => {
    const { storage, a, b } = await setUp();
    await setAlias(storage, 'champion', a, order, signal);
    await setAlias(storage, 'challenger', b, order, signal);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => promoteChallenger(storage, order, signal, b)),
    );
    for (const aliases of results) expect(aliases).toMatchObject({ champion: b, challenger: a, previous: a });
    await expect(
      promoteChallenger(storage, order, signal, { ...a, version: '2026/q3/r9' }),
    ).rejects.toMatchObject({ code: 'PROMOTION_LOST' });
  });

  test('a damaged blob is said, not passed over', async () => {
    const { storage } = await setUp();
    await storage.blobs.write('models/anomaly/aliases.json', new TextEncoder().encode('{'));
    await expect(readAliases(storage, signal)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  test('experiments are compared over all models, with what they were made from', async () => {
    const { storage, a, b } = await setUp();
    await setAlias(storage, 'champion', a, order, signal);
    await setAlias(storage, 'challenger', b, order, signal);
    await promoteVersion(storage, anomalyScope(b.model), b.version, order, signal);
    const experiments = await listExperiments(storage, { limit: 10 }, signal);
    expect(experiments).toHaveLength(3);
    expect(experiments.find((one) => one.aliases.includes('champion'))).toMatchObject({
      ...a,
      current: false,
    });
    expect(experiments.find((one) => one.aliases.includes('challenger'))).toMatchObject({
      ...b,
      current: true,
      promoted: true,
      metrics: { dbcv: 0.5, silhouette: null },
      parameters: { minClusterSize: 10 },
      seed: 42,
      dataWindow: { rows: 100 },
      codeVersion: expect.any(String),
    });
    expect(await listExperiments(storage, { limit: 1 }, signal)).toHaveLength(1);
  });
});
