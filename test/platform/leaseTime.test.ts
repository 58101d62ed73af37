import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { withAzurite } from '../support/azurite';
import { faultyProxies } from '../support/faultyProxy';
import { testStorage } from '../support/storage';

// The service's own clock runs here, and a lease takes at least 15 s: the three stories run side by side.
const azurite = withAzurite();
const through = faultyProxies();
const durationSeconds = 15;
const limitMs = 60_000;

/** A lease held over a line that we control, and the same blobs over a sound one. */
async function open() {
  const container = `test-${randomUUID()}`;
  const proxy = await through(azurite());
  const sound = testStorage(azurite(), container).blobs;
  const lease = await testStorage(proxy.connectionString, container).blobs.acquireLease('train', {
    durationSeconds,
  });
  return { container, proxy, sound, lease };
}

async function brokenByAnother() {
  const { container, sound, lease } = await open();
  const client = BlobServiceClient.fromConnectionString(azurite()).getContainerClient(container);
  await client.getBlobClient('locks/train').getBlobLeaseClient().breakLease(0);
  const other = await sound.acquireLease('train', { durationSeconds });
  await once(lease.lost, 'abort');
  await lease.release();
  const otherLost = other.lost.aborted;
  await other.release();
  return { reason: lease.lost.reason as unknown, otherLost };
}

async function cutOffFromStorage() {
  const { proxy, sound, lease } = await open();
  proxy.fate = () => 'hang';
  await once(lease.lost, 'abort');
  const attempt = await sound.acquireLease('train').catch((error: unknown) => error);
  await lease.release();
  return { reason: lease.lost.reason as unknown, attempt };
}

/** Four renewals take longer than the lease itself: without them it would be free by then. */
async function heldLong() {
  const { proxy, sound, lease } = await open();
  const taken = proxy.requests.length;
  await new Promise<void>((resolve) => {
    proxy.fate = (_, number) => {
      if (number >= taken + 4) resolve();
      return 'pass';
    };
  });
  const attempt = await sound.acquireLease('train').catch((error: unknown) => error);
  const lost = lease.lost.aborted;
  await lease.release();
  return { lost, attempt };
}

describe('a lease over time', () => {
  let broken: Awaited<ReturnType<typeof brokenByAnother>>;
  let cutOff: Awaited<ReturnType<typeof cutOffFromStorage>>;
  let long: Awaited<ReturnType<typeof heldLong>>;
  beforeAll(async () => {
    [broken, cutOff, long] = await Promise.all([brokenByAnother(), cutOffFromStorage(), heldLong()]);
  }, limitMs);

  test('that somebody broke is lost and says so, and the next holder keeps it', () => {
    expect(broken.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(broken.otherLost).toBe(false);
  });

  test('that cannot be renewed any more is lost before another holder may start', () => {
    expect(cutOff.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(cutOff.attempt).toMatchObject({ code: 'LEASE_HELD' });
  });

  test('is renewed for as long as it is held', () => {
    expect(long.lost).toBe(false);
    expect(long.attempt).toMatchObject({ code: 'LEASE_HELD' });
  });
});
