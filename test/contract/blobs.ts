import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs } from '../../src/platform/blobs/blobs';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

async function list(blobs: Blobs, prefix: string) {
  const found: { name: string; size: number; lastModified: number }[] = [];
  for await (const entry of blobs.list(prefix)) found.push(entry);
  return found;
}

async function names(blobs: Blobs, prefix: string): Promise<string[]> {
  return (await list(blobs, prefix)).map(({ name }) => name);
}

/** What every adapter of `Blobs` promises. `open` gives an empty container each time. */
export function blobsContract(adapter: string, open: () => Blobs): void {
  describe(`blobs over ${adapter}`, () => {
    let blobs: Blobs;
    beforeEach(() => {
      blobs = open();
    });

    test('reading gives back what was written, to the byte', async () => {
      const content = new Uint8Array(300_000).map((_, index) => index * 31);
      const { etag } = await blobs.write('models/a%20b/x.bin', content);
      const read = await blobs.read('models/a%20b/x.bin');
      expect(Buffer.compare(read.bytes, content)).toBe(0);
      expect(read.etag).toBe(etag);
    });

    test('an empty blob is a blob', async () => {
      await blobs.write('empty', new Uint8Array(0));
      expect((await blobs.read('empty')).bytes).toHaveLength(0);
      expect(await blobs.exists('empty')).toBe(true);
    });

    test('what is not there is missing, in a container that nobody made yet, too', async () => {
      await expect(blobs.read('nothing')).rejects.toMatchObject({
        code: 'BLOB_MISSING',
        culprit: { blob: 'nothing' },
      });
      expect(await blobs.exists('nothing')).toBe(false);
      expect(await names(blobs, '')).toEqual([]);
      await blobs.delete('nothing');
    });

    test('create-only refuses a second blob and keeps the first', async () => {
      await blobs.write('once', bytes('first'), { create: true });
      await expect(blobs.write('once', bytes('second'), { create: true })).rejects.toMatchObject({
        code: 'BLOB_EXISTS',
      });
      expect(text((await blobs.read('once')).bytes)).toBe('first');
    });

    test('of twenty creators at once exactly one wins', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          blobs.write('race', bytes(`writer ${index}`), { create: true }),
        ),
      );
      const winners = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
      expect(winners).toHaveLength(1);
      expect(text((await blobs.read('race')).bytes)).toBe(`writer ${winners[0]}`);
    });

    test('a swap under a stale ETag is refused', async () => {
      const { etag } = await blobs.write('pointer', bytes('1'));
      const { etag: newer } = await blobs.write('pointer', bytes('2'), { ifMatch: etag });
      await expect(blobs.write('pointer', bytes('3'), { ifMatch: etag })).rejects.toMatchObject({
        code: 'BLOB_CHANGED',
      });
      await blobs.write('pointer', bytes('4'), { ifMatch: newer });
      expect(text((await blobs.read('pointer')).bytes)).toBe('4');
    });

    test('listing is lexical, below the prefix, and longer than a page', async () => {
      const expected = Array.from({ length: 30 }, (_, index) => `p/${String(index).padStart(4, '0')}`);
      await Promise.all([...expected, 'q/0'].map((name) => blobs.write(name, bytes(name))));
      expect(await names(blobs, 'p/')).toEqual(expected);
      const [first] = await list(blobs, 'p/');
      expect(first).toMatchObject({ name: 'p/0000', size: 6 });
      expect(first!.lastModified).toBeGreaterThan(0);
    });

    test('names with spaces, percent signs and other scripts stay what they are', async () => {
      const odd = ['a b/c', 'a%2Fb/c', 'Größe/日本', 'x+y&z=1?#'];
      await Promise.all(odd.map((name) => blobs.write(name, bytes(name))));
      expect(await names(blobs, '')).toEqual([...odd].sort());
      await Promise.all(odd.map(async (name) => expect(text((await blobs.read(name)).bytes)).toBe(name)));
    });

    test('a lease has one holder, and is free after its release', async () => {
      const lease = await blobs.acquireLease('train/A', { durationSeconds: 15 });
      await expect(blobs.acquireLease('train/A')).rejects.toMatchObject({ code: 'LEASE_HELD' });
      const other = await blobs.acquireLease('train/B');
      await lease.release();
      const again = await blobs.acquireLease('train/A');
      expect(lease.lost.aborted).toBe(false);
      await again.release();
      await again.release();
      await other.release();
    });

    test('of ten who want a lease at once exactly one gets it', async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => blobs.acquireLease('one')));
      const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(held).toHaveLength(1);
      await held[0]!.release();
    });

    test('a caller who asked to stop gets ABORTED', async () => {
      await expect(blobs.read('x', AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    });
  });
}
