import { QuarterdeckError } from './errors';

/**
 * What an aborted signal means: its own reason when that is a coded error, DEADLINE_EXCEEDED for a timeout,
 * ABORTED for anything else.
 */
export function stoppedError(signal: AbortSignal, lastFailure?: unknown): QuarterdeckError {
  const reason: unknown = signal.reason;
  if (reason instanceof QuarterdeckError) return reason;
  // By name: a DOMException of another realm is no instance of this one's Error.
  const timedOut =
    typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';
  const after = lastFailure instanceof Error ? `; before that: ${lastFailure.message}` : '';
  return timedOut
    ? new QuarterdeckError('DEADLINE_EXCEEDED', `the time limit has passed${after}`, {
        cause: lastFailure ?? reason,
      })
    : new QuarterdeckError('ABORTED', `the work was stopped${after}`, { cause: lastFailure ?? reason });
}
