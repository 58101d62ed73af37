import type { RestError } from '@azure/storage-blob';
import { QuarterdeckError, type ErrorCode } from '../../contracts';
import { retryAfterMs } from '../retryAfter';

/** The service's own error codes that mean something to us; everything else is judged by its status. */
const codes: Readonly<Record<string, ErrorCode>> = {
  BlobNotFound: 'BLOB_MISSING',
  ContainerNotFound: 'BLOB_MISSING',
  BlobAlreadyExists: 'BLOB_EXISTS',
  ConditionNotMet: 'BLOB_CHANGED',
  LeaseAlreadyPresent: 'LEASE_HELD',
  LeaseIdMissing: 'LEASE_HELD',
  LeaseIsBreakingAndCannotBeAcquired: 'LEASE_HELD',
  LeaseIdMismatchWithLeaseOperation: 'LEASE_LOST',
  LeaseIsBrokenAndCannotBeRenewed: 'LEASE_LOST',
  LeaseNotPresentWithLeaseOperation: 'LEASE_LOST',
  ContainerBeingDeleted: 'STORAGE_UNAVAILABLE',
  QueueBeingDeleted: 'STORAGE_UNAVAILABLE',
};

/** What a storage request was about. */
export interface StorageCulprit {
  readonly blob?: string;
  readonly queue?: string;
}

/** Statuses after which trying again can help. */
const passing = new Set([408, 429, 500, 502, 503, 504]);

/** The service's code of a failed request, such as `ContainerNotFound`. */
export function storageErrorCode(error: unknown): string | undefined {
  return isRestError(error) ? error.code : undefined;
}

/** The coded error for what the storage SDKs throw; the culprit names the blob or queue. */
export function storageError(
  error: unknown,
  timedOut: boolean,
  culprit: StorageCulprit,
  nowMs: number,
): QuarterdeckError {
  if (error instanceof QuarterdeckError) return error;
  const what = culprit.blob ?? culprit.queue ?? 'storage';
  const fail = (code: ErrorCode, why: string, wait?: number) =>
    new QuarterdeckError(code, `${what}: ${why}`, {
      culprit: { ...culprit },
      cause: error,
      retryAfterMs: wait,
    });
  if (timedOut) return fail('STORAGE_UNAVAILABLE', 'storage did not answer in time');
  if (!isRestError(error)) {
    const name = error instanceof Error ? error.name : '';
    return /Credential|Authentication/.test(name)
      ? fail('CREDENTIAL_REJECTED', "no token for storage could be had with the app's identity")
      : fail('STORAGE_UNAVAILABLE', error instanceof Error ? error.message : String(error));
  }
  const named = error.code === undefined ? undefined : codes[error.code];
  if (named !== undefined) return fail(named, error.code ?? named);
  const status = error.statusCode;
  if (status === 401 || status === 403) return fail('CREDENTIAL_REJECTED', 'storage refused the credential');
  if (status === 404) return fail('BLOB_MISSING', 'it does not exist');
  if (status === 409) return fail('BLOB_EXISTS', 'it exists already');
  if (status === 412) return fail('BLOB_CHANGED', 'it was changed meanwhile');
  if (status === undefined || passing.has(status)) {
    const headers = error.response?.headers;
    const wait = headers ? retryAfterMs((name) => headers.get(name), nowMs) : undefined;
    return fail('STORAGE_UNAVAILABLE', error.code ?? `status ${status}`, wait);
  }
  return fail('STORAGE_REJECTED', `status ${status}${error.code === undefined ? '' : `, ${error.code}`}`);
}

/** By shape: the SDK itself may not be loaded yet, and each of its packages may bring a class of its own. */
function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError';
}
