import { isQuarterdeckError, QuarterdeckError } from '../../../contracts';

/** DuckDB has no error codes; the class of an error is the first words of its message. */
const conflictingLock = /Could not set lock on file|Conflicting lock is held/;
const unavailable = /^(IO Error|Out of Memory Error|FATAL Error|Internal Error)|^INTERNAL Error/i;
const concurrentWrite = /^TransactionContext Error|Transaction conflict|write-write conflict/i;
const fatal = /^FATAL Error|^INTERNAL Error|database has been invalidated/i;

export function isLockConflict(error: unknown): boolean {
  return error instanceof Error && conflictingLock.test(error.message);
}

/** Another transaction of this process changed the same rows: the whole transaction may simply run again. */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof Error && concurrentWrite.test(error.message);
}

/** After such an error DuckDB answers nothing more until the file is opened again. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && fatal.test(error.message);
}

export function warehouseError(error: unknown, file: string, doing: string): QuarterdeckError {
  if (isQuarterdeckError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
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
