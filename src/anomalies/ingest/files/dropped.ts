import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRowFile } from '../../../platform/rowFiles/readRows';
import type { Platform } from '../../../platform/platform';
import { QuarterdeckError } from '../../../contracts';
import type { IngestKind } from '../batch';
import { fieldFor } from '../fields';
import { importFile, type ImportedFile } from './importFile';

/** Folder of the raw-logs container that others drop files into. */
export const droppedPrefix = 'dropped/';

/** Below the host's functionTimeout. */
const dropLimitMs = 560_000;

/**
 * Takes in a file that somebody put into the raw-logs container: `dropped/{metrics|logs}/{instance}/…`, or anywhere
 * below `dropped/`, where its content says what it is. CSV, NDJSON, Parquet, plain lines of logs, each also as gzip.
 * The blob is the raw record; the same content again changes nothing.
 * @throws what reading and storing throw, so that the blob is tried again and ends in the poison queue at last.
 */
export async function takeDropped(
  platform: Platform,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<ImportedFile> {
  const signal = AbortSignal.timeout(dropLimitMs);
  const folders = name.split('/').filter((part) => part !== '');
  const fileName = folders.pop();
  if (fileName === undefined) {
    throw new QuarterdeckError('INPUT_INVALID', 'a dropped file needs a name', { culprit: { blob: name } });
  }
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-dropped-'));
  try {
    const path = join(folder, fileName.replaceAll(/[^\p{L}\p{N}._-]/gu, '_'));
    await writeFile(path, bytes, { signal });
    const named = folders.findIndex((part) => part === 'metrics' || part === 'logs');
    const kind = named === -1 ? await kindOf(path, signal) : (folders[named] as IngestKind);
    const instance = named === -1 ? folders.at(-1) : folders[named + 1];
    return await importFile(
      platform,
      kind,
      path,
      { ...(instance !== undefined && { instance }), source: fileName },
      { signal, pipeline: 'ingest' },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records with a message are logs, records with numbers metrics, and lines that are no records logs. */
async function kindOf(path: string, signal: AbortSignal): Promise<IngestKind> {
  if (/\.(log|txt)(\.gz)?$/i.test(path)) return 'logs';
  const file = await openRowFile(path, signal);
  for await (const { columns } of file.batches(signal)) {
    if (fieldFor('metric', columns) !== undefined && fieldFor('value', columns) !== undefined)
      return 'metrics';
    if (fieldFor('message', columns) !== undefined || fieldFor('time', columns) === undefined) return 'logs';
    return 'metrics';
  }
  return 'logs';
}
