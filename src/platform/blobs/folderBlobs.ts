import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isQuarterdeckError, QuarterdeckError, stoppedError } from '../../contracts';
import type { Blobs } from './blobs';
import { errorCode, folderError } from './folderErrors';
import { acquireFolderLease, withFolderLock } from './folderLease';
import { ownFolder, pathOfBlob, segmentOf } from './folderNames';

/** No write takes this long: what is older was left by a process that died. */
const abandonedMs = 3_600_000;

/**
 * Blobs as the files of a plain folder, for one machine: what `models/alerts/…` is in a container is a file of that
 * path here. A file appears whole (written aside, synced, then linked or renamed into place); its ETag is the digest
 * of its content, so a swap under an ETag holds against content, not against writes that changed nothing.
 * Several processes may use one folder: see folderLease.ts.
 */
export function folderBlobs(folder: string): Blobs {
  const root = resolve(folder);
  const own = join(root, ownFolder);
  const staging = join(own, 'staging');
  let swept: Promise<void> | undefined;

  const attempt = async <T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>) => {
    if (signal?.aborted) throw stoppedError(signal);
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted && !isQuarterdeckError(error)) throw stoppedError(signal, error);
      throw isQuarterdeckError(error) ? error : folderError(error, name, root);
    }
  };

  const read = async (name: string, signal?: AbortSignal): Promise<Uint8Array> => {
    try {
      return await readFile(pathOfBlob(root, name), { signal });
    } catch (error) {
      if (isAbsent(error)) throw missing(name);
      throw error;
    }
  };

  /** Writes the bytes where nobody looks yet, and puts them in place by `place`. */
  const stage = async (path: string, bytes: Uint8Array, place: (staged: string) => Promise<void>) => {
    await (swept ??= sweep(staging));
    await mkdir(dirname(path), { recursive: true });
    const staged = join(staging, randomUUID());
    try {
      const file = await open(staged, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await place(staged);
      await syncFolder(dirname(path));
    } finally {
      await rm(staged, { force: true });
    }
  };

  return {
    read: (name, signal) =>
      attempt(name, signal, async () => {
        const bytes = await read(name, signal);
        return { bytes, etag: etagOf(bytes) };
      }),

    exists: (name, signal) =>
      attempt(name, signal, async () => {
        try {
          return (await stat(pathOfBlob(root, name))).isFile();
        } catch (error) {
          if (isAbsent(error)) return false;
          throw error;
        }
      }),

    write: (name, bytes, { create, ifMatch, signal } = {}) =>
      attempt(name, signal, async () => {
        const path = pathOfBlob(root, name);
        if (create) {
          // A hard link is made only where nothing is, in one step and with the whole content.
          await stage(path, bytes, (staged) => linkNew(staged, path, name));
          return { etag: etagOf(bytes) };
        }
        await withFolderLock(own, name, signal, async () => {
          if (ifMatch !== undefined && (await currentEtag(name)) !== ifMatch) throw changed(name);
          await stage(path, bytes, (staged) => rename(staged, path));
        });
        return { etag: etagOf(bytes) };
      }),

    async *list(prefix, signal) {
      const names = await attempt(prefix, signal, () => namesBelow(root, prefix, signal));
      for (const name of names.sort()) {
        const found = await attempt(name, signal, () => statOf(pathOfBlob(root, name)));
        if (found !== undefined) yield { name, ...found };
      }
    },

    delete: (name, signal) =>
      attempt(name, signal, () =>
        withFolderLock(own, name, signal, () => rm(pathOfBlob(root, name), { force: true })),
      ),

    acquireLease: (name, options = {}) =>
      attempt(`locks/${name}`, options.signal, () => acquireFolderLease(own, name, options)),
  };

  async function currentEtag(name: string): Promise<string | undefined> {
    try {
      return etagOf(await read(name));
    } catch (error) {
      if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
      throw error;
    }
  }
}

/** Makes the folder of files that are being written, and clears away what killed writers left in it. */
async function sweep(staging: string): Promise<void> {
  await mkdir(staging, { recursive: true });
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const found = await statOf(path);
    if (found && Date.now() - found.lastModified > abandonedMs) await rm(path, { force: true });
  }
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex')}"`;
}

async function linkNew(staged: string, path: string, name: string): Promise<void> {
  try {
    await link(staged, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new QuarterdeckError('BLOB_EXISTS', `${name} exists already`, { culprit: { blob: name } });
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Names below a prefix, in no order; a prefix may end in the middle of a segment. */
async function namesBelow(root: string, prefix: string, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = [];
  const walk = async (path: string, above: string): Promise<void> => {
    if (signal?.aborted) throw stoppedError(signal);
    let entries;
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    for (const entry of entries) {
      if (above === '' && entry.name === ownFolder) continue;
      const name = above + segmentOf(entry.name);
      if (entry.isDirectory()) {
        const below = `${name}/`;
        if (below.startsWith(prefix) || prefix.startsWith(below)) await walk(join(path, entry.name), below);
      } else if (entry.isFile() && name.startsWith(prefix)) names.push(name);
    }
  };
  await walk(root, '');
  return names;
}

async function statOf(path: string): Promise<{ size: number; lastModified: number } | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, lastModified: mtimeMs };
  } catch (error) {
    // Deleted since its folder was read.
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '');
}

function missing(name: string): QuarterdeckError {
  return new QuarterdeckError('BLOB_MISSING', `${name} does not exist`, { culprit: { blob: name } });
}

function changed(name: string): QuarterdeckError {
  return new QuarterdeckError('BLOB_CHANGED', `${name} was changed meanwhile`, { culprit: { blob: name } });
}
