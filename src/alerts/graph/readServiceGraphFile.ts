import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import { parseJson } from '../../platform/http/json';
import { readServiceGraph, type ReadServiceGraph } from './readServiceGraph';

/** A million edges with long names take less. */
const largestBytes = 256 * 1024 * 1024;

/**
 * Reads a service graph from a JSON file.
 * @throws NOT_FOUND, INPUT_TOO_LARGE, FILE_MALFORMED when it is no JSON, INPUT_INVALID when it is no graph; each names
 * the file.
 */
export async function readServiceGraphFile(path: string, signal?: AbortSignal): Promise<ReadServiceGraph> {
  const information = await stat(path).catch((cause: unknown) => {
    throw new QuarterdeckError('NOT_FOUND', `no file at ${path}`, { culprit: { file: path }, cause });
  });
  if (!information.isFile()) {
    throw new QuarterdeckError('INPUT_INVALID', `${path} is not a file`, { culprit: { file: path } });
  }
  if (information.size > largestBytes) {
    throw new QuarterdeckError('INPUT_TOO_LARGE', `${path} is larger than ${largestBytes} bytes`, {
      culprit: { file: path },
    });
  }
  const bytes = await readFile(path, signal ? { signal } : {});
  let value: unknown;
  try {
    value = parseJson(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new QuarterdeckError('FILE_MALFORMED', `${path} is no JSON: ${why}`, {
      culprit: { file: path },
      cause,
    });
  }
  try {
    return readServiceGraph(value);
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    throw new QuarterdeckError(error.code, `${basename(path)}: ${error.message}`, {
      culprit: { ...error.culprit, file: path },
      cause: error,
    });
  }
}
