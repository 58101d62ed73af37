export { stoppedError } from '../contracts';

/** A signal that ends with `signal` or after `limitMs`, whichever is first. */
export function withLimit(signal: AbortSignal | undefined, limitMs: number): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
