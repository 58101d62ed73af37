import { isQuarterdeckError, QuarterdeckError, type ErrorCode } from '../../../contracts';

/** What BigQuery's errors say, in an answer or in the status of a job: https://cloud.google.com/bigquery/docs/error-messages */
export interface Problem {
  /** HTTP status; undefined for a job's own errors and for broken connections. */
  readonly status: number | undefined;
  readonly reason: string;
  readonly message: string;
}

const credentialReasons = new Set([
  'authError',
  'accessDenied',
  'forbidden',
  'required',
  'billingNotEnabled',
]);
const transientReasons = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'tableUnavailable',
  'timeout',
]);
/** Refusals of the token service: RFC 6749 section 5.2 and RFC 8693, in the words of google-auth-library. */
const refusedExchange = /^Error code (invalid_|unauthorized_|access_denied)/;
const concurrentUpdate = /could not serialize access|too many concurrent|concurrent update/i;

export function problemOf(error: unknown): Problem {
  const { code, status, errors, message, reason } = (error ?? {}) as {
    code?: unknown;
    /** Where the library that gets tokens puts it. */
    status?: unknown;
    errors?: readonly { reason?: string; message?: string }[];
    message?: unknown;
    reason?: unknown;
  };
  return {
    status: [code, status].find((value) => typeof value === 'number'),
    reason: errors?.[0]?.reason ?? (typeof reason === 'string' ? reason : ''),
    message:
      typeof message === 'string' && message !== '' ? message : (errors?.[0]?.message ?? String(error)),
  };
}

function codeOf({ status, reason, message }: Problem, isConnectionError: boolean): ErrorCode {
  if (transientReasons.has(reason) || concurrentUpdate.test(message)) return 'WAREHOUSE_UNAVAILABLE';
  if (refusedExchange.test(message)) return 'CREDENTIAL_REJECTED';
  if (status === 401 || credentialReasons.has(reason)) return 'CREDENTIAL_REJECTED';
  if (status === 403) return reason === 'responseTooLarge' ? 'WAREHOUSE_REJECTED' : 'CREDENTIAL_REJECTED';
  if (status === 408 || status === 429 || (status !== undefined && status >= 500))
    return 'WAREHOUSE_UNAVAILABLE';
  return isConnectionError ? 'WAREHOUSE_UNAVAILABLE' : 'WAREHOUSE_REJECTED';
}

/** Network errors carry a name like ECONNRESET as their code; what else has no HTTP status is our own mistake. */
function isConnectionError(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return (
    (typeof code === 'string' && /^(E[A-Z]+|ERR_STREAM_|UND_ERR_)/.test(code)) ||
    (cause !== undefined && isConnectionError(cause))
  );
}

/** The coded form of an error of the client, or of a job's `errorResult`. */
export function warehouseError(error: unknown, doing: string): QuarterdeckError {
  if (isQuarterdeckError(error)) return error;
  const problem = problemOf(error);
  return new QuarterdeckError(
    codeOf(problem, isConnectionError(error)),
    `${doing}: ${problem.reason === '' ? '' : `${problem.reason}: `}${problem.message}`,
    {
      cause: error,
      culprit: { service: 'bigquery', ...(problem.reason !== '' && { reason: problem.reason }) },
    },
  );
}

export function isStatus(error: unknown, status: number): boolean {
  return problemOf(error).status === status;
}
