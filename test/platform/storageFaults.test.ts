import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { withAzurite } from '../support/azurite';
import { faultyProxies, type Fate } from '../support/faultyProxy';
import { testStorage } from '../support/storage';

const azurite = withAzurite();
const through = faultyProxies();
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** One container, reached by a sound line and by one with faults. */
async function twoLines() {
  const container = `test-${randomUUID()}`;
  const sound = testStorage(azurite(), container);
  await sound.blobs.write('there', bytes('already'));
  const proxy = await through(azurite());
  return { container, sound: sound.blobs, faulty: testStorage(proxy.connectionString, container), proxy };
}

describe('storage over a line with faults', () => {
  test('a created blob whose confirmation was lost is ours, not somebody else’s', async () => {
    const { faulty, proxy, sound } = await twoLines();
    proxy.fate = (_, number) => (number === 1 ? 'lose' : 'pass');
    const { etag } = await faulty.blobs.write('claim', bytes('mine'), { create: true });
    expect((await sound.read('claim')).etag).toBe(etag);
    expect(faulty.clock.sleeps).toHaveLength(1);
  });

  test('a blob that somebody else created meanwhile is not ours', async () => {
    const { faulty, proxy, sound } = await twoLines();
    proxy.fate = async (_, number): Promise<Fate> => {
      if (number > 1) return 'pass';
      await sound.write('claim', bytes('theirs'), { create: true });
      return 'cut';
    };
    await expect(faulty.blobs.write('claim', bytes('mine'), { create: true })).rejects.toMatchObject({
      code: 'BLOB_EXISTS',
    });
    expect(text((await sound.read('claim')).bytes)).toBe('theirs');
  });

  test('a swap whose confirmation was lost is done, and one that somebody overtook is not', async () => {
    const { faulty, proxy, sound } = await twoLines();
    const { etag } = await sound.read('there');
    proxy.fate = (_, number) => (number === 1 ? 'lose' : 'pass');
    const swapped = await faulty.blobs.write('there', bytes('swapped'), { ifMatch: etag });
    expect((await sound.read('there')).etag).toBe(swapped.etag);
    await sound.write('there', bytes('overtaken'));
    await expect(faulty.blobs.write('there', bytes('late'), { ifMatch: swapped.etag })).rejects.toMatchObject(
      { code: 'BLOB_CHANGED' },
    );
  });

  test('throttling is waited out as long as storage asks for', async () => {
    const { faulty, proxy } = await twoLines();
    proxy.fate = (_, number) => (number < 3 ? { status: 503, headers: { 'retry-after': '3' } } : 'pass');
    expect(text((await faulty.blobs.read('there')).bytes)).toBe('already');
    expect(faulty.clock.sleeps).toEqual([3_000, 3_000]);
    expect(faulty.telemetry.logs.map(({ fields }) => fields.code)).toEqual([
      'STORAGE_UNAVAILABLE',
      'STORAGE_UNAVAILABLE',
    ]);
  });

  test('storage that stays away is STORAGE_UNAVAILABLE after five tries', async () => {
    const { faulty, proxy } = await twoLines();
    proxy.fate = () => 'cut';
    await expect(faulty.blobs.read('there')).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      culprit: { blob: 'there' },
    });
    expect(proxy.requests).toHaveLength(5);
  });

  test('a line that falls silent ends with the caller’s time limit', async () => {
    const { faulty, proxy } = await twoLines();
    proxy.fate = () => 'hang';
    await expect(faulty.blobs.read('there', AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    const stop = new AbortController();
    proxy.fate = () => {
      stop.abort();
      return 'hang';
    };
    await expect(faulty.blobs.exists('there', stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test.each(['hang', 'stall'] as const)(
    'a download that %ss is dead after a time and tried again',
    async (fate) => {
      const { container, sound, proxy } = await twoLines();
      const model = new Uint8Array(3 * 2 ** 20).fill(7);
      await sound.write('model', model);
      const impatient = testStorage(proxy.connectionString, container, { silenceMs: 500 });
      proxy.fate = (_, number) => (number === 1 ? fate : 'pass');
      const read = await impatient.blobs.read('model');
      expect(Buffer.compare(read.bytes, model)).toBe(0);
      expect(proxy.requests).toHaveLength(2);
      expect(impatient.telemetry.logs.map(({ fields }) => fields.code)).toEqual(['STORAGE_UNAVAILABLE']);
    },
  );

  test('a wrong key is CREDENTIAL_REJECTED, and is not tried again', async () => {
    const other = Buffer.alloc(64, 7).toString('base64');
    const { blobs, queues, clock } = testStorage(
      azurite().replace(/AccountKey=[^;]+/, `AccountKey=${other}`),
    );
    await expect(blobs.read('there')).rejects.toMatchObject({ code: 'CREDENTIAL_REJECTED' });
    await expect(queues.send('queue', [1], AbortSignal.timeout(30_000))).rejects.toMatchObject({
      code: 'CREDENTIAL_REJECTED',
    });
    expect(clock.sleeps).toEqual([]);
  });

  test('a message whose confirmation was lost arrives at least once', async () => {
    const proxy = await through(azurite(), 'Queue');
    const { queues } = testStorage(proxy.connectionString);
    const queue = `q-${randomUUID()}`;
    const signal = AbortSignal.timeout(30_000);
    await queues.send(queue, ['first'], signal);
    const sofar = proxy.requests.length;
    proxy.fate = (_, number) => (number === sofar + 1 ? 'lose' : 'pass');
    await queues.send(queue, ['second'], signal);
    expect(await queues.count(queue, signal)).toBeGreaterThanOrEqual(2);
  });
});

describe('a lease over a line with faults', () => {
  test('is ours when only the confirmation was lost', async () => {
    const { faulty, proxy, sound } = await twoLines();
    proxy.fate = (method, number) => (method === 'PUT' && number === 2 ? 'lose' : 'pass');
    const lease = await faulty.blobs.acquireLease('train', { durationSeconds: 15 });
    expect(proxy.requests.length).toBeGreaterThan(2);
    await expect(sound.acquireLease('train')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await lease.release();
    await (await sound.acquireLease('train')).release();
  });

  test.each([14, 61, 20.5])('of %d seconds is refused', async (durationSeconds) => {
    const { sound } = await twoLines();
    await expect(sound.acquireLease('train', { durationSeconds })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
    });
  });
});
