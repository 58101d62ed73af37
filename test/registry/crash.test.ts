import { describe, expect, test } from '@jest/globals';
import { listVersions, promoteVersion, readPointer, resolveModel, rollback } from '../../src/registry';
import { readVersion } from '../../src/registry/resolve';
import { withAzurite } from '../support/azurite';
import { Killed, killedBlobs } from '../support/killedBlobs';
import { testStorage, type TestStorage } from '../support/storage';
import { publish } from '../support/versions';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = 'models/A';
const order = { by: 'test', reason: 'because' };

/** Runs `work` again and again, killed one step later each time, until it gets through. */
async function killAtEveryStep(
  prepare: () => Promise<TestStorage>,
  work: (storage: TestStorage) => Promise<unknown>,
  afterwards: (storage: TestStorage) => Promise<void>,
): Promise<number> {
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; ; step++) {
      const storage = await prepare();
      const { blobs, killed } = killedBlobs(storage.blobs, step, when);
      try {
        await work({ ...storage, blobs });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      if (!killed()) {
        if (when === 'after') return step - 1;
        break;
      }
      await afterwards(storage);
    }
  }
  return 0;
}

describe('a process killed between any two steps', () => {
  test('of publishing leaves no half version visible, and the rerun takes a number of its own', async () => {
    const steps = await killAtEveryStep(
      () => Promise.resolve(testStorage(azurite())),
      (storage) => publish(storage, scope, 'killed'),
      async (storage) => {
        for (const { version } of await listVersions(storage, scope, signal)) {
          await readVersion(storage, scope, version, signal);
        }
        const started = await listNumbers(storage);
        const version = await publish(storage, scope, 'rerun');
        expect(started).not.toContain(version);
        const { files } = await readVersion(storage, scope, version, signal);
        expect(Buffer.from(files.get('clustering/hdbscan_clusterer')!).toString()).toBe('clusterer rerun');
      },
    );
    // Claim, two files, manifest.
    expect(steps).toBe(4);
  });

  test('of promoting leaves a complete version current, and the rerun gets through', async () => {
    const steps = await killAtEveryStep(
      async () => {
        const storage = testStorage(azurite());
        const first = await publish(storage, scope, 'first');
        await promoteVersion(storage, scope, first, order, signal);
        await publish(storage, scope, 'second');
        return storage;
      },
      (storage) => promoteVersion(storage, scope, '2026/q3/r2', order, signal),
      async (storage) => {
        const { version, fallback } = await resolveModel(storage, scope, signal);
        expect(['2026/q3/r1', '2026/q3/r2']).toContain(version);
        expect(fallback).toBeUndefined();
        const pointer = await promoteVersion(storage, scope, '2026/q3/r2', order, signal);
        expect(pointer).toMatchObject({ version: '2026/q3/r2', previous: '2026/q3/r1' });
      },
    );
    expect(steps).toBeGreaterThanOrEqual(2);
  });

  test('of rolling back leaves a complete version current, and the rerun gets through', async () => {
    const steps = await killAtEveryStep(
      async () => {
        const storage = testStorage(azurite());
        for (const content of ['first', 'second']) {
          await promoteVersion(storage, scope, await publish(storage, scope, content), order, signal);
        }
        return storage;
      },
      (storage) => rollback(storage, scope, { ...order, to: '2026/q3/r1' }, signal),
      async (storage) => {
        const { fallback } = await resolveModel(storage, scope, signal);
        expect(fallback).toBeUndefined();
        const pointer = (await readPointer(storage, scope, signal))!.pointer;
        if (pointer.version === '2026/q3/r2') {
          await rollback(storage, scope, { ...order, to: '2026/q3/r1' }, signal);
        }
        expect((await readPointer(storage, scope, signal))!.pointer).toMatchObject({
          version: '2026/q3/r1',
          previous: null,
        });
      },
    );
    expect(steps).toBe(2);
  });
});

/** Versions of which any blob exists, finished or not. */
async function listNumbers({ blobs }: TestStorage): Promise<string[]> {
  const versions = new Set<string>();
  for await (const { name } of blobs.list(`${scope}/`)) {
    versions.add(name.split('/').slice(2, 5).join('/'));
  }
  return [...versions];
}
