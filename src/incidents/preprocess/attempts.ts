import { isQuarterdeckError, QuarterdeckError, seededRandom, type Random } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { retry } from '../../platform/retry';

/** The tries of one run: each step gets several, all of them one deadline. */
export interface Attempts {
  <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** How often a step was tried again. */
  readonly repeats: () => number;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;

/**
 * @param signal ends with the caller's patience, the lease or the deadline.
 * @param random for the jitter; runs that failed together must not come back together.
 */
export function attemptsUntil(
  platform: Pick<Platform, 'clock' | 'settings' | 'telemetry'>,
  random: Random,
  signal: AbortSignal,
): Attempts {
  const { clock, settings, telemetry } = platform;
  const attempts = settings.PREPROCESS_ATTEMPTS;
  const deadlineMs = settings.PREPROCESS_DEADLINE_MS;
  const start = clock.monotonic();
  let repeats = 0;
  const attempt = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    retry(
      {
        attempts,
        // A try that hangs must leave time for the others.
        attemptLimitMs: Math.ceil(deadlineMs / attempts),
        firstDelayMs,
        maximumDelayMs: longestDelayMs,
        longestWaitMs: Math.max(0, deadlineMs - (clock.monotonic() - start)),
      },
      {
        clock,
        random,
        signal,
        toError(error, timedOut) {
          if (timedOut && !(isQuarterdeckError(error) && error.retryable)) {
            return new QuarterdeckError('DEADLINE_EXCEEDED', 'a try did not end within its limit', {
              cause: error,
            });
          }
          if (isQuarterdeckError(error)) return error;
          // Not coded: a defect of ours, which no further try mends.
          throw error;
        },
        onRetry(error, delayMs) {
          repeats++;
          telemetry.log('warning', 'a step of preprocessing is tried again', {
            errorCode: error.code,
            delayMs: Math.round(delayMs),
          });
        },
      },
      work,
    );
  return Object.assign(attempt, { repeats: () => repeats });
}

/** Jitter of a run: from its id, which no other run has. */
export function randomOfRun(runId: string): Random {
  return seededRandom(0).fork(runId);
}
