import { QuarterdeckError } from '../../contracts';

/** The coded form of why a signal was aborted: ABORTED, DEADLINE_EXCEEDED for a time limit, or the coded reason itself. */
export function abortError(signal: AbortSignal, doing: string): QuarterdeckError {
  const reason: unknown = signal.reason;
  if (reason instanceof QuarterdeckError) return reason;
  const timedOut = (reason as { readonly name?: unknown } | null)?.name === 'TimeoutError';
  return new QuarterdeckError(
    timedOut ? 'DEADLINE_EXCEEDED' : 'ABORTED',
    timedOut ? `time limit reached during ${doing}` : `stopped during ${doing}`,
    { cause: reason },
  );
}

/** Waits for work that others wait for too: an abort ends this wait, not the work. */
export async function waitFor<T>(work: Promise<T>, signal: AbortSignal, doing: string): Promise<T> {
  // Nobody else may be left to hear that the work failed after this wait has ended.
  work.catch(() => undefined);
  if (signal.aborted) throw abortError(signal, doing);
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(abortError(signal, doing));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
