import { isQuarterdeckError, type ErrorCode } from '../src/contracts';
import { exitCodes, type ExitCode } from './exitCodes';
import type { Output } from './output';

/** Errors that the caller can mend by calling again with other words or another file. */
const usageErrors: readonly ErrorCode[] = [
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'INPUT_UNSUPPORTED',
  'SETTINGS_INVALID',
  'NOT_FOUND',
  'DATA_EMPTY',
  'FILE_COLUMN_MISSING',
  'FILE_ENCODING_UNKNOWN',
  'FILE_MALFORMED',
  'DATA_FOLDER_UNUSABLE',
];

/** Tells of the error that ended a command: a line for people, a document with `--json`. Returns the exit code. */
export function reportFailure(error: unknown, output: Output, interrupted: boolean): ExitCode {
  if (interrupted) {
    process.stderr.write('interrupted\n');
    return exitCodes.interrupted;
  }
  if (isQuarterdeckError(error)) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
    output.result({ error: { code: error.code, message: error.message, details: error.culprit } });
    return usageErrors.includes(error.code) ? exitCodes.usage : exitCodes.failed;
  }
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  output.result({ error: { code: 'INTERNAL', message: 'unexpected error' } });
  return exitCodes.failed;
}
