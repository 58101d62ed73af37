import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import { isQuarterdeckError } from '../../contracts';
import { callStorage, type StorageContext } from '../storage/storageCalls';
import type { StorageAccount } from '../storage/storageAccount';
import { storageErrorCode } from '../storage/storageErrors';
import { acquireBlobLease } from './blobLease';
import type { Blobs } from './blobs';

/** Up to this size a blob goes in one request; above, in blocks of the second size, committed at once. */
const singleRequestBytes = 64 * 2 ** 20;
const blockBytes = 8 * 2 ** 20;
const blocksAtOnce = 2;
/** A model file of this size is the largest expected: the limit of one try to read follows from it. */
const largestReadBytes = 512 * 2 ** 20;
/** That limit is long: a download that brings nothing for this time is dead, and tried again. */
const silenceMs = 20_000;
const namesPerPage = 1_000;

/**
 * Blobs over Azure Storage or Azurite. A write that storage confirmed only after we gave up waiting is
 * recognised: when the retry finds the blob there, or changed, with exactly our bytes, it was us.
 */
export function azureBlobs(
  account: StorageAccount,
  containerName: string,
  context: StorageContext & { newId(): string },
  limits: { readonly silenceMs: number } = { silenceMs },
): Blobs {
  let known: ContainerClient | undefined;
  const container = (): ContainerClient =>
    (known ??= account.blobService().getContainerClient(containerName));
  const client = (name: string) => container().getBlockBlobClient(name);

  /** Runs a write; the container is created when it turns out to be missing. */
  const inContainer = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (storageErrorCode(error) !== 'ContainerNotFound') throw error;
      await container().createIfNotExists({ abortSignal: signal });
      return work();
    }
  };

  const blobs: Blobs = {
    async read(name, signal) {
      return callStorage(
        context,
        { blob: name },
        signal,
        (limited) =>
          untilSilent(limited, limits.silenceMs, async (abortSignal, heard) => {
            const response = await client(name).download(0, undefined, { abortSignal });
            const chunks: Uint8Array[] = [];
            for await (const chunk of response.readableStreamBody!) {
              heard();
              chunks.push(chunk as Uint8Array);
            }
            return { bytes: new Uint8Array(Buffer.concat(chunks)), etag: response.etag! };
          }),
        largestReadBytes,
      );
    },

    async exists(name, signal) {
      return callStorage(context, { blob: name }, signal, (limited) =>
        client(name).exists({ abortSignal: limited }),
      );
    },

    async write(name, bytes, options = {}) {
      const { create, ifMatch, contentType = 'application/octet-stream', signal } = options;
      let tries = 0;
      try {
        return await callStorage(
          context,
          { blob: name },
          signal,
          (limited, attempt) =>
            inContainer(limited, async () => {
              tries = attempt;
              const { etag } = await client(name).uploadData(bytes, {
                abortSignal: limited,
                conditions: {
                  ...(create && { ifNoneMatch: '*' }),
                  ...(ifMatch !== undefined && { ifMatch }),
                },
                blobHTTPHeaders: { blobContentType: contentType },
                maxSingleShotSize: singleRequestBytes,
                blockSize: blockBytes,
                concurrency: blocksAtOnce,
              });
              return { etag: etag! };
            }),
          bytes.byteLength,
        );
      } catch (error) {
        const refused = isQuarterdeckError(error, 'BLOB_EXISTS') || isQuarterdeckError(error, 'BLOB_CHANGED');
        if (!refused || tries < 2) throw error;
        const there = await blobs.read(name, signal);
        if (Buffer.compare(there.bytes, bytes) !== 0) throw error;
        return { etag: there.etag };
      }
    },

    async *list(prefix, signal) {
      let continuationToken: string | undefined;
      do {
        const page = await callStorage(context, { blob: prefix }, signal, (limited) =>
          listPage(container(), prefix, continuationToken, limited),
        );
        for (const { name, properties } of page.items) {
          yield {
            name,
            size: properties.contentLength ?? 0,
            lastModified: properties.lastModified.getTime(),
          };
        }
        continuationToken = page.next;
      } while (continuationToken !== undefined);
    },

    async delete(name, signal) {
      try {
        await callStorage(context, { blob: name }, signal, (limited) =>
          client(name).delete({ abortSignal: limited }),
        );
      } catch (error) {
        if (!isQuarterdeckError(error, 'BLOB_MISSING')) throw error;
      }
    },

    async acquireLease(name, options = {}) {
      const blob = `locks/${name}`;
      return acquireBlobLease(context, blob, options, async (limited) => {
        await inContainer(limited, async () => {
          try {
            await client(blob).uploadData(new Uint8Array(0), {
              abortSignal: limited,
              conditions: { ifNoneMatch: '*' },
            });
          } catch (error) {
            // Somebody made it before, and may hold its lease: that is decided by acquiring.
            const code = storageErrorCode(error);
            if (code !== 'BlobAlreadyExists' && code !== 'LeaseIdMissing') throw error;
          }
        });
        return client(blob);
      });
    },
  };
  return blobs;
}

/** Runs work that is stopped when it has not said `heard` for a time, or when `signal` says so. */
async function untilSilent<T>(
  signal: AbortSignal,
  limitMs: number,
  work: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), limitMs);
  try {
    return await work(AbortSignal.any([signal, silence.signal]), () => timer.refresh());
  } catch (error) {
    if (!silence.signal.aborted || signal.aborted) throw error;
    throw new Error(`storage sent nothing for ${limitMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function listPage(
  container: ContainerClient,
  prefix: string,
  continuationToken: string | undefined,
  signal: AbortSignal,
): Promise<{ items: readonly BlobItem[]; next: string | undefined }> {
  const pages = container
    .listBlobsFlat({ prefix, abortSignal: signal })
    .byPage({ maxPageSize: namesPerPage, ...(continuationToken !== undefined && { continuationToken }) });
  try {
    for await (const page of pages) {
      return { items: page.segment.blobItems, next: page.continuationToken || undefined };
    }
  } catch (error) {
    if (storageErrorCode(error) !== 'ContainerNotFound') throw error;
  }
  return { items: [], next: undefined };
}
