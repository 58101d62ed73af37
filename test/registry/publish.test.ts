import { describe, expect, test } from '@jest/globals';
import { listVersions, publishVersion, readManifest } from '../../src/registry';
import { readVersion } from '../../src/registry/resolve';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';
import { newVersion, publish } from '../support/versions';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = 'models/Service%20Desk';

describe('publishing a version', () => {
  test('what is read back is what was published, with every digest in the manifest', async () => {
    const storage = testStorage(azurite());
    const version = await publish(storage, scope, 'a');
    expect(version).toBe('2026/q3/r1');
    const manifest = await readManifest(storage, scope, version, signal);
    expect(manifest).toMatchObject({ scope, version, seed: 42, metrics: { dbcv: 0.5, silhouette: null } });
    const { files } = await readVersion(storage, scope, version, signal);
    expect(Buffer.from(files.get('clustering/hdbscan_clusterer')!).toString()).toBe('clusterer a');
  });

  test('files that name their version are made once the number is taken', async () => {
    const storage = testStorage(azurite());
    await publish(storage, scope, 'a');
    const version = await publish(storage, scope, 'b', {
      files: (taken) => [{ path: 'analysis/clusters.json', bytes: Buffer.from(taken) }],
    });
    const { files } = await readVersion(storage, scope, version, signal);
    expect(Buffer.from(files.get('analysis/clusters.json')!).toString()).toBe('2026/q3/r2');
  });

  test('numbers go up within a quarter and start again in the next', async () => {
    const storage = testStorage(azurite());
    expect(await publish(storage, scope, 'a')).toBe('2026/q3/r1');
    expect(await publish(storage, scope, 'b')).toBe('2026/q3/r2');
    expect(await publish(storage, scope, 'c', { quarter: 'q4' })).toBe('2026/q4/r1');
    expect((await listVersions(storage, scope, signal)).map(({ version }) => version)).toEqual([
      '2026/q3/r1',
      '2026/q3/r2',
      '2026/q4/r1',
    ]);
  });

  test('ten trainers at once get ten numbers', async () => {
    const storage = testStorage(azurite());
    const versions = await Promise.all(
      Array.from({ length: 10 }, (_, index) => publish(storage, scope, `trainer ${index}`)),
    );
    expect(new Set(versions).size).toBe(10);
    const listed = await listVersions(storage, scope, signal);
    expect(new Set(listed.map(({ version }) => version))).toEqual(new Set(versions));
  });

  test.each([
    [{ quarter: 'q5' }],
    [{ quarter: '../q3' }],
    [{ year: 20_261 }],
    [{ files: [] }],
    [{ files: [{ path: '../../other/current.json', bytes: new Uint8Array(1) }] }],
    [{ files: [{ path: 'a\\b', bytes: new Uint8Array(1) }] }],
    [{ files: [{ path: 'metadata/training_metadata.json', bytes: new Uint8Array(1) }] }],
    [{ files: [1, 2].map((byte) => ({ path: 'same', bytes: new Uint8Array([byte]) })) }],
  ])('%j is refused before anything is written', async (fields) => {
    const storage = testStorage(azurite());
    await expect(publishVersion(storage, newVersion(scope, 'x', fields), signal)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    for await (const { name } of storage.blobs.list('')) expect(name).toBe('nothing');
  });
});
