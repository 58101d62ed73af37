import type { Clock, Random } from '../../contracts';
import type { RetryContext, RetryOptions } from '../app/functionsCore';
import { reasonOf } from '../foreignError';

export interface RetryParts {
  readonly options: RetryOptions | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Share by which a backoff is spread, as in the WebJobs SDK. */
const spread = 0.2;

/**
 * Runs `attempt` and, while it fails, again as the function's retry policy says: `maxRetryCount` more times (−1:
 * for ever), after a fixed delay or one that doubles from the minimum to the maximum interval.
 */
export async function withRetries<T>(
  { options, clock, random, signal }: RetryParts,
  attempt: (retry: RetryContext | undefined) => Promise<T>,
): Promise<T> {
  const maxRetryCount = options?.maxRetryCount ?? 0;
  let retry: RetryContext | undefined;
  for (let retryCount = 1; ; retryCount += 1) {
    try {
      return await attempt(retry);
    } catch (error) {
      const exhausted = maxRetryCount >= 0 && retryCount > maxRetryCount;
      if (!options || exhausted || signal.aborted) throw error;
      retry = { retryCount, maxRetryCount, exception: { message: reasonOf(error) } };
      try {
        await clock.sleep(retryDelayMs(options, retryCount, random), signal);
      } catch {
        throw error;
      }
    }
  }
}

/** Milliseconds before retry number `retryCount` (from 1). */
export function retryDelayMs(options: RetryOptions, retryCount: number, random: Random): number {
  if (options.retryStrategy !== 'exponentialBackoff') return milliseconds(options.delayInterval);
  const minimum = milliseconds(options.minimumInterval);
  const maximum = milliseconds(options.maximumInterval);
  const factor = 1 - spread + 2 * spread * random.next();
  return Math.min(maximum, Math.max(minimum, minimum * 2 ** (retryCount - 1) * factor));
}

function milliseconds(duration: RetryOptions['delayInterval']): number {
  return (duration?.seconds ?? 0) * 1000 + (duration?.nanos ?? 0) / 1_000_000;
}
