import { QuarterdeckError, type Clock, type ErrorCode, type Random } from '../../contracts';
import { retry, type RetryPolicy } from '../retry';
import { retryAfterMs } from '../retryAfter';
import type { Telemetry } from '../telemetry/telemetry';

export interface SourceContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Queries of logs take up to minutes; both services throttle by the second and say when to come back. */
const policy: RetryPolicy = {
  attempts: 5,
  attemptLimitMs: 120_000,
  firstDelayMs: 500,
  maximumDelayMs: 20_000,
  longestWaitMs: 60_000,
};
const throttled = /^(?:Throttl|TooManyRequests|LimitExceeded|RequestLimitExceeded|ServiceUnavailable)/;
const refused =
  /^(?:AccessDenied|UnrecognizedClient|InvalidClientToken|SignatureDoesNotMatch|ExpiredToken|InvalidSignature|CredentialsProvider|AuthenticationRequired|CredentialUnavailable)/;
const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Runs one request to a source under the retry policy, with coded errors. */
export function callSource<T>(
  { clock, random, telemetry }: SourceContext,
  source: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return retry(
    policy,
    {
      clock,
      random,
      signal,
      toError: (error, timedOut) => sourceError(source, error, timedOut, clock.now()),
      onRetry: (error, delayMs) =>
        telemetry.log('warning', 'a source is tried again', {
          source,
          code: error.code,
          delayMs: Math.round(delayMs),
        }),
    },
    work,
  );
}

/** What both SDKs put into their errors; everything is optional, whatever their types say. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly statusCode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
}

function sourceError(source: string, error: unknown, timedOut: boolean, nowMs: number): QuarterdeckError {
  if (error instanceof QuarterdeckError) return error;
  const make = (code: ErrorCode, why: string, waitMs?: number): QuarterdeckError =>
    new QuarterdeckError(code, `source ${source}: ${why}`, {
      culprit: { service: source },
      cause: error,
      retryAfterMs: waitMs,
    });
  if (timedOut) return make('SOURCE_UNAVAILABLE', 'it did not answer in time');
  const found = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const status = numberOf(found.statusCode) ?? numberOf(found.$metadata?.httpStatusCode);
  const names = [textOf(found.name), textOf(found.code)];
  const why = `${names[0]} ${status ?? ''} ${textOf(found.message)}`.trim().slice(0, 300);
  if (names.some((name) => refused.test(name)) || status === 401 || status === 403) {
    return make('CREDENTIAL_REJECTED', why);
  }
  const passing =
    status === undefined || passingStatuses.has(status) || names.some((name) => throttled.test(name));
  if (!passing) return make('SOURCE_REJECTED', why);
  const header = (wanted: string): string | undefined =>
    found.$response?.headers?.[wanted] ?? found.response?.headers?.get?.(wanted);
  return make('SOURCE_UNAVAILABLE', why, retryAfterMs(header, nowMs));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
