import { setTimeout as wait } from 'node:timers/promises';
import type { BlobClient } from '@azure/storage-blob';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import { callStorage, type StorageContext } from '../storage/storageCalls';
import type { Lease } from './blobs';

const shortestSeconds = 15;
const longestSeconds = 60;
/** Renewals per lease time: two may fail before the lease is in danger. */
const renewalsPerTerm = 3;
/** Held back from the lease time, so that we stop before another holder may start. */
const marginMs = 2_000;

/**
 * Takes the lease of a blob and renews it until released. The lease runs on the service's clock, so renewals run
 * on real time. Trying again to acquire is safe: the lease id is ours, chosen before the first try.
 *
 * @param prepare makes sure that the blob exists, and gives its client.
 * @throws LEASE_HELD, STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED, PARAMETER_INVALID
 */
export async function acquireBlobLease(
  context: StorageContext & { newId(): string },
  blob: string,
  options: { durationSeconds?: number; signal?: AbortSignal },
  prepare: (signal: AbortSignal) => Promise<BlobClient>,
): Promise<Lease> {
  const seconds = options.durationSeconds ?? longestSeconds;
  if (!Number.isInteger(seconds) || seconds < shortestSeconds || seconds > longestSeconds) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `a lease lasts ${shortestSeconds} to ${longestSeconds} whole seconds, not ${seconds}`,
      { culprit: { option: 'durationSeconds' } },
    );
  }
  const id = context.newId();
  let heldSinceMs = 0;
  const lease = await callStorage(context, { blob }, options.signal, async (limited) => {
    const leaseClient = (await prepare(limited)).getBlobLeaseClient(id);
    heldSinceMs = performance.now();
    await leaseClient.acquireLease(seconds, { abortSignal: limited });
    return leaseClient;
  });

  const lost = new AbortController();
  const released = new AbortController();
  const renewing = renewUntilReleased();

  return {
    lost: lost.signal,
    async release() {
      if (released.signal.aborted) return;
      released.abort();
      await renewing;
      if (lost.signal.aborted) return;
      try {
        await callStorage(context, { blob }, undefined, (limited) =>
          lease.releaseLease({ abortSignal: limited }),
        );
      } catch (error) {
        // What could not be given back runs out by itself; the work it guarded is done.
        context.telemetry.exception(error, { blob });
      }
    },
  };

  async function renewUntilReleased(): Promise<void> {
    const endsMs = () => heldSinceMs + seconds * 1_000 - marginMs;
    while (await passed((seconds * 1_000) / renewalsPerTerm, released.signal)) {
      const sinceMs = performance.now();
      const leftMs = Math.max(1, Math.floor(endsMs() - sinceMs));
      try {
        const limit = AbortSignal.any([released.signal, AbortSignal.timeout(leftMs)]);
        await callStorage(context, { blob }, limit, (limited) => lease.renewLease({ abortSignal: limited }));
        heldSinceMs = sinceMs;
      } catch (error) {
        if (released.signal.aborted) return;
        if (isQuarterdeckError(error) && error.retryable && performance.now() < endsMs() && !gone(error)) {
          continue;
        }
        lost.abort(
          new QuarterdeckError('LEASE_LOST', `${blob}: the lease is lost`, {
            culprit: { blob },
            cause: error,
          }),
        );
        return;
      }
    }
  }
}

/** Somebody else has it, or the blob itself is gone: no renewal will succeed any more. */
function gone(error: QuarterdeckError): boolean {
  return ['LEASE_LOST', 'LEASE_HELD', 'BLOB_MISSING', 'BLOB_EXISTS', 'BLOB_CHANGED'].includes(error.code);
}

/** True after the time, false when the signal came first. Does not keep the process alive. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal, ref: false });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
