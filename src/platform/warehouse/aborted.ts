import { QuarterdeckError } from '../../contracts';

/** The coded form of why a signal was aborted: ABORTED, DEADLINE_EXCEEDED for a time limit, or the coded reason itself. */
export function abortError(signal: AbortSignal, doing: string): QuarterdeckError {
  const reason: unknown = signal.reason;
  if (reason instanceof QuarterdeckError) return reason;
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return new QuarterdeckError(
    timedOut ? 'DEADLINE_EXCEEDED' : 'ABORTED',
    timedOut ? `time limit reached during ${doing}` : `stopped during ${doing}`,
    { cause: reason },
  );
}
