import type { APIError } from 'openai';
import { QuarterdeckError, type ErrorCode } from '../../contracts';
import { retryAfterMs } from '../retryAfter';

/** The codes that one service of the OpenAI protocol speaks with. */
export interface ServiceCodes {
  readonly service: string;
  readonly rateLimited: ErrorCode;
  readonly unavailable: ErrorCode;
  readonly rejected: ErrorCode;
}

/** Statuses after which trying again can help. */
const passing = new Set([408, 409, 425, 500, 502, 503, 504, 529]);

/**
 * The coded error for what the SDK throws. The service's own message is kept in `cause` only: it may repeat the
 * text that was sent, or part of a key.
 */
export function serviceError(
  error: unknown,
  timedOut: boolean,
  codes: ServiceCodes,
  nowMs: number,
): QuarterdeckError {
  const known = error instanceof QuarterdeckError ? error : wrapped(error);
  if (known) return known;
  const { service } = codes;
  const fail = (code: ErrorCode, why: string, wait?: number) =>
    new QuarterdeckError(code, `${service}: ${why}`, {
      culprit: { service },
      cause: error,
      retryAfterMs: wait,
    });
  if (timedOut) return fail(codes.unavailable, 'no answer in time');
  if (!isApiError(error)) return fail(codes.unavailable, 'the answer could not be read');
  const { status } = error;
  if (status === undefined) return fail(codes.unavailable, 'no connection');
  if (status === 401 || status === 403) return fail('CREDENTIAL_REJECTED', `status ${status}`);
  const wait = retryAfterMs((name) => error.headers?.get(name), nowMs);
  const reason = error.code ?? error.type ?? `status ${status}`;
  if (status === 429) {
    // A used-up budget is no matter of waiting.
    return error.code === 'insufficient_quota'
      ? fail(codes.rejected, 'the quota is used up')
      : fail(codes.rateLimited, 'too many requests', wait);
  }
  return passing.has(status) ? fail(codes.unavailable, reason, wait) : fail(codes.rejected, reason);
}

/** By shape, since the SDK's module may be loaded more than once or not at all. */
export function isApiError(error: unknown): error is APIError {
  return error instanceof Error && 'status' in error && 'headers' in error && 'requestID' in error;
}

/** Our own error inside one of the SDK's. */
function wrapped(error: unknown): QuarterdeckError | undefined {
  return error instanceof Error && error.cause instanceof QuarterdeckError ? error.cause : undefined;
}
