import { describe, expect, test } from '@jest/globals';
import {
  alertScope,
  compareVersions,
  listVersions,
  ModelCache,
  promoteVersion,
  publishVersion,
  readPointer,
  resolveModel,
  rollback,
} from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage, type TestStorage } from '../support/storage';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = alertScope('clusters');
const order = { by: 'test', reason: 'because' };

async function publish(storage: TestStorage, content: string): Promise<string> {
  return publishVersion(
    storage,
    {
      scope,
      files: (version) => [{ path: 'model/clusters', bytes: Buffer.from(`${content} ${version}`) }],
      parameters: {},
      seed: 1,
      dataWindow: { from: '2026-07-01T00:00:00.000000Z', to: '2026-07-08T00:00:00.000000Z', rows: 10 },
      metrics: {},
      embeddingModel: null,
    },
    signal,
  );
}

const contentOf = ({ files }: { files: ReadonlyMap<string, Uint8Array> }): string =>
  Buffer.from(files.get('model/clusters')!).toString();

describe('versions that are counted through', () => {
  test('are v1, v2, v3 … and stand in the order of their numbers', async () => {
    const storage = testStorage(azurite());
    for (let number = 1; number <= 11; number++) {
      expect(await publish(storage, 'model')).toBe(`v${number}`);
    }
    const listed = (await listVersions(storage, scope, signal)).map(({ version }) => version);
    expect(listed).toEqual(Array.from({ length: 11 }, (_, index) => `v${index + 1}`));
    expect(compareVersions('v9', 'v10')).toBeLessThan(0);
    expect(compareVersions('v10', 'v10')).toBe(0);
  });

  test('eight trainers at once get eight numbers', async () => {
    const storage = testStorage(azurite());
    const versions = await Promise.all(Array.from({ length: 8 }, () => publish(storage, 'at once')));
    expect(new Set(versions).size).toBe(8);
  });

  test('a number that was claimed and never finished is not used again, and is no version', async () => {
    const storage = testStorage(azurite());
    await publish(storage, 'first');
    await storage.blobs.write(`${scope}/v2/metadata/claim.json`, new Uint8Array(2), { create: true, signal });
    expect(await publish(storage, 'third')).toBe('v3');
    expect((await listVersions(storage, scope, signal)).map(({ version }) => version)).toEqual(['v1', 'v3']);
  });

  test('are promoted, rolled back and withdrawn as others are', async () => {
    const storage = testStorage(azurite());
    for (const content of ['one', 'two']) {
      await promoteVersion(storage, scope, await publish(storage, content), order, signal);
    }
    expect((await readPointer(storage, scope, signal))?.pointer).toMatchObject({
      version: 'v2',
      previous: 'v1',
    });
    await expect(promoteVersion(storage, scope, 'v1', order, signal)).rejects.toMatchObject({
      code: 'PROMOTION_LOST',
    });
    expect((await rollback(storage, scope, order, signal)).version).toBe('v1');
    expect(await listVersions(storage, scope, signal)).toEqual([
      { version: 'v1', promoted: true, withdrawn: false },
      { version: 'v2', promoted: true, withdrawn: true },
    ]);
    expect(contentOf(await resolveModel(storage, scope, signal))).toBe('one v1');
  });

  test('a damaged one falls back to the version before, and the cache says so', async () => {
    const storage = testStorage(azurite());
    for (const content of ['one', 'two']) {
      await promoteVersion(storage, scope, await publish(storage, content), order, signal);
    }
    const cache = new ModelCache<string>();
    expect((await cache.get(storage, scope, contentOf, signal)).value).toBe('two v2');
    await storage.blobs.write(`${scope}/v2/model/clusters`, Buffer.from('damaged'), { signal });
    const resolved = await resolveModel(storage, scope, signal);
    expect(resolved.version).toBe('v1');
    expect(resolved.fallback?.wanted).toBe('v2');
    const fresh = await new ModelCache<string>().get(storage, scope, contentOf, signal);
    expect(fresh).toMatchObject({ version: 'v1', value: 'one v1' });
  });
});
