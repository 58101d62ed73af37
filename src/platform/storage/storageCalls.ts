import type { Clock, Random } from '../../contracts';
import { retry, type RetryPolicy } from '../retry';
import type { Telemetry } from '../telemetry/telemetry';
import { storageError, type StorageCulprit } from './storageErrors';

/** What every call to storage needs beside the call itself. */
export interface StorageContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Storage throttles for seconds, fails over within half a minute; a small request that takes 20 s hangs. */
const policy: RetryPolicy = {
  attempts: 5,
  attemptLimitMs: 20_000,
  firstDelayMs: 200,
  maximumDelayMs: 8_000,
  longestWaitMs: 30_000,
};
/** A slow line still moves a megabyte in this time. */
const limitPerMegabyteMs = 2_000;

/** Runs one storage request under the retry policy, with coded errors. `bytes` is how much it moves. */
export function callStorage<T>(
  context: StorageContext,
  culprit: StorageCulprit,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, attempt: number) => Promise<T>,
  bytes = 0,
): Promise<T> {
  const { clock, random, telemetry } = context;
  return retry(
    { ...policy, attemptLimitMs: policy.attemptLimitMs + Math.ceil(bytes / 2 ** 20) * limitPerMegabyteMs },
    {
      clock,
      random,
      signal,
      toError: (error, timedOut) => storageError(error, timedOut, culprit, clock.now()),
      // A lost race (BLOB_CHANGED, LEASE_HELD) is for the caller to look at again, not for us to repeat.
      mayRetry: (error) => error.code === 'STORAGE_UNAVAILABLE',
      onRetry: (error, delayMs) =>
        telemetry.log('warning', 'storage is tried again', {
          code: error.code,
          delayMs: Math.round(delayMs),
          ...culprit,
        }),
    },
    work,
  );
}
