import type { Clock } from '../../contracts';
import { reasonOf } from '../foreignError';
import type { Log } from '../invocation/invoker';
import type { StorageQueue } from '../queues/storageQueue';
import { unquoted, type BlobContainer, type FoundBlob } from './blobContainer';
import type { BlobPath } from './blobPath';

export interface BlobScanParts {
  readonly functionName: string;
  readonly hostId: string;
  readonly container: BlobContainer;
  readonly path: BlobPath;
  readonly queue: StorageQueue;
  readonly clock: Clock;
  readonly log: Log;
}

/** The message by which a blob comes to its function; also what lies in the poison queue. */
export interface BlobMessage {
  readonly Type: 'BlobTrigger';
  readonly FunctionId: string;
  readonly BlobType: 'BlockBlob';
  readonly ContainerName: string;
  readonly BlobName: string;
  readonly ETag: string;
}

/** As the real host, which looks at a container or its log this often. */
const scanEveryMs = 2_000;

/**
 * Looks for new and changed blobs and sends a message for each, as the real host does (azure-sdk-for-net,
 * BlobListener.cs, BlobReceiptManager.cs): first the message, then a receipt under the blob's ETag, so that a crash
 * in between runs a blob twice and never not at all.
 */
export class BlobScan {
  readonly #parts: BlobScanParts;
  readonly #stopping = new AbortController();
  /** ETag by name of what has its receipt: saves asking for it again at every scan. */
  readonly #known = new Map<string, string>();
  #loop: Promise<void> = Promise.resolve();
  #scan: Promise<void> | undefined;

  constructor(parts: BlobScanParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** One look at the container; those who ask while one runs wait for it. */
  now(): Promise<void> {
    return (this.#scan ??= this.#look().finally(() => {
      this.#scan = undefined;
    }));
  }

  async #poll(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.now();
      } catch (error) {
        if (!signal.aborted) log('warning', reasonOf(error));
      }
      // Ends by the time or by the stop; which of them, the loop asks itself.
      await clock.sleep(scanEveryMs, signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { container, path } = this.#parts;
    const { signal } = this.#stopping;
    const found = await container.list(path.prefix, signal);
    for (const blob of found) {
      if (signal.aborted) return;
      if (this.#known.get(blob.name) === blob.etag || path.match(blob.name) === undefined) continue;
      await this.#take(blob, signal);
      this.#known.set(blob.name, blob.etag);
    }
  }

  async #take(blob: FoundBlob, signal: AbortSignal): Promise<void> {
    const { container, queue, functionName } = this.#parts;
    const receipt = this.#receiptName(blob);
    if (await container.isNoted(receipt, signal)) return;
    const message: BlobMessage = {
      Type: 'BlobTrigger',
      FunctionId: `Host.Functions.${functionName}`,
      BlobType: 'BlockBlob',
      ContainerName: container.name,
      BlobName: blob.name,
      ETag: blob.etag,
    };
    await queue.send(JSON.stringify(message));
    await container.note(receipt, signal);
  }

  #receiptName({ name, etag }: FoundBlob): string {
    const { hostId, functionName, container } = this.#parts;
    return `blobreceipts/${hostId}/Host.Functions.${functionName}/"${unquoted(etag)}"/${container.name}/${name}`;
  }
}
