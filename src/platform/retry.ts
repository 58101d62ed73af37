import type { Clock, QuarterdeckError, Random } from '../contracts';
import { stoppedError, withLimit } from './stopping';

/**
 * The one retry policy for everything outside the process. The SDKs' own retries are off, because they do not
 * know our deadlines, obey a Retry-After without a cap, and hide how often they tried.
 */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Limit of one try; a half-open socket costs this much. */
  readonly attemptLimitMs: number;
  readonly firstDelayMs: number;
  readonly maximumDelayMs: number;
  /** A longer Retry-After is not waited for: the error goes to the caller with its `retryAfterMs`. */
  readonly longestWaitMs: number;
}

export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
  /** Turns what a try threw into a coded error; `timedOut` when the try's own limit ended it. */
  readonly toError: (error: unknown, timedOut: boolean) => QuarterdeckError;
  /** Whether another try can help; by default, what the error's code says. */
  readonly mayRetry?: (error: QuarterdeckError) => boolean;
  readonly onRetry?: (error: QuarterdeckError, delayMs: number) => void;
}

/**
 * Runs `work` until it succeeds, fails for good, or the policy is used up. Waits as long as the other side asks
 * for, otherwise a random time below a doubling limit ("full jitter", Brooker, AWS Architecture Blog, 2015).
 */
export async function retry<T>(
  policy: RetryPolicy,
  context: RetryContext,
  work: (signal: AbortSignal, attempt: number) => Promise<T>,
): Promise<T> {
  const { clock, random, signal, toError, onRetry, mayRetry = (error) => error.retryable } = context;
  let lastFailure: QuarterdeckError | undefined;
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw stoppedError(signal, lastFailure);
    const limited = withLimit(signal, policy.attemptLimitMs);
    try {
      return await work(limited, attempt);
    } catch (error) {
      if (signal?.aborted) throw stoppedError(signal, error);
      const failure = toError(error, limited.aborted);
      const ceiling = Math.min(policy.maximumDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
      const delayMs = failure.retryAfterMs ?? ceiling * random.next();
      if (!mayRetry(failure) || attempt >= policy.attempts || delayMs > policy.longestWaitMs) throw failure;
      onRetry?.(failure, delayMs);
      lastFailure = failure;
      await clock.sleep(delayMs, signal);
    }
  }
}
