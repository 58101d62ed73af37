import { describe, expect, test } from '@jest/globals';
import { promoteVersion, resolveModel } from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage, type TestStorage } from '../support/storage';
import { publish } from '../support/versions';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = 'models/A';
const order = { by: 'test', reason: 'because' };
const bytes = (text: string) => new TextEncoder().encode(text);
const clusterer = (version: string) => `${scope}/${version}/clustering/hdbscan_clusterer`;
const manifest = (version: string) => `${scope}/${version}/metadata/training_metadata.json`;

/** 2026/q2/r1 and r2, 2026/q3/r1 and r2, promoted in this order. */
async function fourVersions(): Promise<TestStorage> {
  const storage = testStorage(azurite());
  for (const quarter of ['q2', 'q2', 'q3', 'q3']) {
    const version = await publish(storage, scope, quarter, { quarter });
    await promoteVersion(storage, scope, version, order, signal);
  }
  storage.telemetry.metrics.length = 0;
  return storage;
}

describe('resolving a model', () => {
  test('gives the current version with all its files', async () => {
    const storage = await fourVersions();
    const model = await resolveModel(storage, scope, signal);
    expect(model).toMatchObject({ version: '2026/q3/r2', fallback: undefined });
    expect([...model.files.keys()].sort()).toEqual([
      'analysis/labeled_clusters.json',
      'clustering/hdbscan_clusterer',
    ]);
    expect(storage.telemetry.metrics).toEqual([]);
  });

  test.each([
    ['is cut short', (storage: TestStorage) => storage.blobs.write(clusterer('2026/q3/r2'), bytes('clust'))],
    [
      'is altered but as long',
      (storage: TestStorage) => storage.blobs.write(clusterer('2026/q3/r2'), bytes('clusterer q4')),
    ],
    ['is missing', (storage: TestStorage) => storage.blobs.delete(clusterer('2026/q3/r2'))],
    ['has no manifest', (storage: TestStorage) => storage.blobs.delete(manifest('2026/q3/r2'))],
    [
      'has a manifest that is no JSON',
      (storage: TestStorage) => storage.blobs.write(manifest('2026/q3/r2'), bytes('{"formatVersion": 1,')),
    ],
    [
      'has the manifest of another version',
      async (storage: TestStorage) => {
        const other = await storage.blobs.read(manifest('2026/q3/r1'));
        await storage.blobs.write(manifest('2026/q3/r2'), other.bytes);
      },
    ],
  ])('a version whose file %s is left for the previous one, which is said', async (_, damage) => {
    const storage = await fourVersions();
    await damage(storage);
    const model = await resolveModel(storage, scope, signal);
    expect(model).toMatchObject({ version: '2026/q3/r1', fallback: { wanted: '2026/q3/r2' } });
    expect(model.fallback!.reason).toContain('2026/q3/r2');
    expect(storage.telemetry.metrics).toEqual([
      { name: 'model.fallback', value: 1, dimensions: { scope, wanted: '2026/q3/r2', used: '2026/q3/r1' } },
    ]);
  });

  test('when a whole quarter is damaged, the newest of an earlier one is taken', async () => {
    const storage = await fourVersions();
    await storage.blobs.delete(clusterer('2026/q3/r2'));
    await storage.blobs.delete(clusterer('2026/q3/r1'));
    expect(await resolveModel(storage, scope, signal)).toMatchObject({ version: '2026/q2/r2' });
  });

  test('versions that never passed their gate are no fallback', async () => {
    const storage = await fourVersions();
    await publish(storage, scope, 'not promoted');
    await storage.blobs.write(`${scope}/current.json`, bytes('not json'));
    expect(await resolveModel(storage, scope, signal)).toMatchObject({
      version: '2026/q3/r2',
      fallback: { wanted: undefined },
    });
  });

  test.each([
    ['no JSON', '{'],
    ['another shape', '{"version":"2026/q3/r2"}'],
    [
      'a version that climbs',
      '{"version":"../../B/2026/q3/r1","previous":null,"promotedAt":"","promotedBy":"","reason":""}',
    ],
    ['bad UTF-8', '\udcff'],
  ])('a pointer that holds %s is left for the newest promoted version', async (_, content) => {
    const storage = await fourVersions();
    await storage.blobs.write(`${scope}/current.json`, Buffer.from(content, 'utf16le'));
    await storage.blobs.write(`${scope}/current.json`, bytes(content));
    expect(await resolveModel(storage, scope, signal)).toMatchObject({ version: '2026/q3/r2' });
  });

  test('a pointer to a version without a manifest leads to the previous one', async () => {
    const storage = await fourVersions();
    const pointer = {
      version: '2026/q4/r1',
      previous: '2026/q3/r2',
      promotedAt: '2026-10-05T12:00:00.000000Z',
      promotedBy: 'test',
      reason: 'by hand',
    };
    await storage.blobs.write(`${scope}/current.json`, bytes(JSON.stringify(pointer)));
    expect(await resolveModel(storage, scope, signal)).toMatchObject({
      version: '2026/q3/r2',
      fallback: { wanted: '2026/q4/r1' },
    });
  });

  test('nothing promoted, or nothing whole, is MODEL_MISSING', async () => {
    const empty = testStorage(azurite());
    await publish(empty, scope, 'not promoted');
    await expect(resolveModel(empty, scope, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: 'A has no model yet: no version is promoted',
    });
    const storage = await fourVersions();
    for (const version of ['2026/q2/r1', '2026/q2/r2', '2026/q3/r1', '2026/q3/r2']) {
      await storage.blobs.delete(clusterer(version));
    }
    await expect(resolveModel(storage, scope, signal)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('storage that cannot be reached is no reason to use an earlier version', async () => {
    const storage = await fourVersions();
    const gone = new Error('no way there');
    const unreachable = { ...storage, blobs: { ...storage.blobs, read: () => Promise.reject(gone) } };
    await expect(resolveModel(unreachable, scope, signal)).rejects.toBe(gone);
  });
});
