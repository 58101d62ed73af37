import { isQuarterdeckError, QuarterdeckError } from '../../../contracts';

/** DuckDB has no error codes; the class of an error is the first words of its message. */
const conflictingLock = /Could not set lock on file|Conflicting lock is held/;
const unavailable = /^(IO|Out of Memory|FATAL|INTERNAL) Error/i;
/** A merge meets its own rows as matched: a duplicate key can only come from another transaction. */
const concurrentWrite = /^TransactionContext Error|write-write conflict|violates primary key constraint/i;
const fatal = /^(FATAL|INTERNAL) Error|database has been invalidated/i;

export function isLockConflict(error: unknown): boolean {
  return conflictingLock.test(messageOf(error));
}

/** Another transaction of this process changed the same rows: the whole transaction may simply run again. */
export function isWriteConflict(error: unknown): boolean {
  return concurrentWrite.test(messageOf(error));
}

/** After such an error DuckDB answers nothing more until the file is opened again. */
export function isFatal(error: unknown): boolean {
  return fatal.test(messageOf(error));
}

export function warehouseError(error: unknown, file: string, doing: string): QuarterdeckError {
  if (isQuarterdeckError(error)) return error;
  const message = messageOf(error);
  const code = isLockConflict(error)
    ? 'WAREHOUSE_BUSY'
    : unavailable.test(message) || isWriteConflict(error)
      ? 'WAREHOUSE_UNAVAILABLE'
      : 'WAREHOUSE_REJECTED';
  return new QuarterdeckError(code, `${doing}: ${message}`, {
    cause: error,
    culprit: { service: 'duckdb', file },
  });
}

/** By shape and not `instanceof`: native code makes its errors outside the realm that a test runs in. */
function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : String(error);
}
