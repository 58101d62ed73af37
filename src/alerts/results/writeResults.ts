import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { QuarterdeckError, stoppedError } from '../../contracts';
import type { GroupingResults } from './groupingResults';
import { metadataFile, resultFiles } from './resultFiles';

/** Nothing writes this long: what is older was left by a process that died. */
const abandonedMs = 86_400_000;
const partial = /^\..+\.partial$/;

interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes the files of a run into `output/{run id}/`. They are written into a folder beside it, synced, and that is
 * renamed: the run's folder appears whole or not at all. A folder that is there already is a finished one of the same
 * run, and stays.
 * @returns the run's folder
 * @throws DATA_FOLDER_UNUSABLE, ABORTED
 */
export async function writeResults(
  output: string,
  results: GroupingResults,
  signal?: AbortSignal,
): Promise<string> {
  const root = resolve(output);
  const { runId } = results.run;
  const target = join(root, runId);
  try {
    await mkdir(root, { recursive: true });
    await sweep(root);
    if (await exists(target)) return target;
    const aside = join(root, `.${runId}.${randomUUID()}.partial`);
    try {
      await mkdir(aside);
      const files: WrittenFile[] = [];
      for (const { name, pieces } of resultFiles(results)) {
        files.push(await writeFile(join(aside, name), name, pieces(), signal));
      }
      const metadata = { ...(JSON.parse(results.run.metadataJson) as object), files };
      await writeFile(
        join(aside, metadataFile),
        metadataFile,
        [`${JSON.stringify(metadata, null, 2)}\n`],
        signal,
      );
      await syncFolder(aside);
      await renameUnlessThere(aside, target);
      await syncFolder(root);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return target;
  } catch (error) {
    throw folderError(error, root);
  }
}

async function writeFile(
  path: string,
  name: string,
  pieces: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<WrittenFile> {
  const file = await open(path, 'wx');
  const digest = createHash('sha256');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      if (signal?.aborted) throw stoppedError(signal);
      const content = Buffer.from(piece, 'utf8');
      digest.update(content);
      bytes += content.byteLength;
      await file.appendFile(content);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, bytes, sha256: digest.digest('hex') };
}

/** Two writers of one run write the same: the first one's folder stays. */
async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!partial.test(name)) continue;
    const path = join(root, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function folderError(error: unknown, root: string): unknown {
  const code = codeOf(error);
  if (error instanceof QuarterdeckError || !/^E[A-Z]+$/.test(code)) return error;
  return new QuarterdeckError('DATA_FOLDER_UNUSABLE', `results cannot be written to ${root} (${code})`, {
    culprit: { folder: root },
    cause: error,
  });
}
