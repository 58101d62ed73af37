import { beforeEach, describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../src/contracts';
import type { Blobs } from '../../src/platform/blobs/blobs';
import { ModelCache, promoteVersion, type ResolvedModel } from '../../src/registry';
import { withAzurite } from '../support/azurite';
import { testStorage, type TestStorage } from '../support/storage';
import { publish } from '../support/versions';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const scope = 'models/A';
const order = { by: 'test', reason: 'because' };

describe('the model cache', () => {
  let storage: TestStorage;
  let reads: string[];
  let reachable: boolean;
  let decoded: number;
  let cache: ModelCache<string>;

  beforeEach(() => {
    const real = testStorage(azurite());
    reads = [];
    reachable = true;
    decoded = 0;
    cache = new ModelCache();
    const read: Blobs['read'] = (name, ...rest) => {
      reads.push(name);
      return reachable
        ? real.blobs.read(name, ...rest)
        : Promise.reject(new QuarterdeckError('STORAGE_UNAVAILABLE', 'unplugged'));
    };
    storage = { ...real, blobs: { ...real.blobs, read } };
  });

  const decode = ({ files }: ResolvedModel): string => {
    decoded += 1;
    return Buffer.from(files.get('clustering/hdbscan_clusterer')!).toString();
  };
  const get = () => cache.get(storage, scope, decode, signal);
  const promote = async (content: string) =>
    promoteVersion(storage, scope, await publish(storage, scope, content), order, signal);

  test('reads the files once, and again only when the pointer moved', async () => {
    await promote('first');
    expect((await get()).value).toBe('clusterer first');
    reads = [];
    expect((await get()).value).toBe('clusterer first');
    expect(reads).toEqual([`${scope}/current.json`]);
    await promote('second');
    expect((await get()).value).toBe('clusterer second');
    expect(decoded).toBe(2);
  });

  test('callers at the same time share one load', async () => {
    await promote('first');
    const loaded = await Promise.all(Array.from({ length: 8 }, get));
    expect(new Set(loaded.map(({ value }) => value))).toEqual(new Set(['clusterer first']));
    expect(decoded).toBe(1);
  });

  test('serves the last good model while storage is away, and the new one when it is back', async () => {
    await promote('first');
    await get();
    await promote('second');
    reachable = false;
    expect((await get()).value).toBe('clusterer first');
    expect(storage.telemetry.logs).toContainEqual(
      expect.objectContaining({ severity: 'warning', fields: expect.objectContaining({ scope }) as unknown }),
    );
    reachable = true;
    expect((await get()).value).toBe('clusterer second');
  });

  test('without a good model in memory, storage that is away is an error', async () => {
    reachable = false;
    await expect(get()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  test('bytes that cannot be decoded count as damaged', async () => {
    await promote('first');
    await promote('second');
    const loaded = await cache.get(
      storage,
      scope,
      (model) => {
        if (model.version === '2026/q3/r2') throw new QuarterdeckError('MODEL_BYTES_INVALID', 'no such kind');
        return decode(model);
      },
      signal,
    );
    expect(loaded).toMatchObject({ version: '2026/q3/r1', fallback: { wanted: '2026/q3/r2' } });
  });

  test('a fallback serves for a while before the wanted version is tried again', async () => {
    await promote('first');
    await promote('second');
    const blob = `${scope}/2026/q3/r2/clustering/hdbscan_clusterer`;
    const { bytes } = await storage.blobs.read(blob);
    await storage.blobs.delete(blob);
    expect((await get()).version).toBe('2026/q3/r1');
    await storage.blobs.write(blob, bytes);
    expect((await get()).version).toBe('2026/q3/r1');
    storage.clock.advance(5 * 60_000);
    expect(await get()).toMatchObject({ version: '2026/q3/r2', fallback: undefined });
  });

  test('a caller whose time is up does not take the others with it', async () => {
    await promote('first');
    const stopped = AbortSignal.abort();
    const outcomes = await Promise.allSettled([cache.get(storage, scope, decode, stopped), get()]);
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'ABORTED' } });
    expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: { value: 'clusterer first' } });
  });

  test('the least used scope goes first', async () => {
    cache = new ModelCache({ scopes: 2 });
    for (const name of ['A', 'B', 'C']) {
      const other = `models/${name}`;
      await promoteVersion(storage, other, await publish(storage, other, name), order, signal);
    }
    const use = (name: string) => cache.get(storage, `models/${name}`, decode, signal);
    await use('A');
    await use('B');
    await use('A');
    await use('C');
    decoded = 0;
    await use('A');
    expect(decoded).toBe(0);
    await use('B');
    expect(decoded).toBe(1);
  });
});
