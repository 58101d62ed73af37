import { BlobServiceClient, RestError, type ContainerClient } from '@azure/storage-blob';
import { QuarterdeckError } from '../../contracts';
import { reasonOf } from '../foreignError';

export interface FoundBlob {
  readonly name: string;
  readonly etag: string;
}

export interface ReadBlob extends FoundBlob {
  readonly bytes: Buffer;
  readonly uri: string;
  readonly contentType: string | undefined;
  readonly lastModified: Date | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A storage call that takes longer than this has lost its connection. */
const callLimitMs = 60_000;
/** Where the real host keeps its notes. */
const notesContainer = 'azure-webjobs-hosts';
const gone = new Set(['BlobNotFound', 'ContainerNotFound', 'ContainerBeingDeleted']);

/** The blobs of one container, and the notes of which of them were taken. */
export class BlobContainer {
  readonly name: string;
  readonly #client: ContainerClient;
  readonly #notes: ContainerClient;

  constructor(connection: string, name: string) {
    const service = BlobServiceClient.fromConnectionString(connection);
    this.name = name;
    this.#client = service.getContainerClient(name);
    this.#notes = service.getContainerClient(notesContainer);
  }

  /** Blobs below a prefix; none when the container does not exist. */
  async list(prefix: string, signal: AbortSignal): Promise<FoundBlob[]> {
    return this.#call('list', signal, async (abortSignal) => {
      const found: FoundBlob[] = [];
      try {
        for await (const { name, properties } of this.#client.listBlobsFlat({ prefix, abortSignal })) {
          found.push({ name, etag: properties.etag });
        }
      } catch (error) {
        if (!isGone(error)) throw error;
      }
      return found;
    });
  }

  /** Undefined when the blob is gone, or is another one by now. */
  async read({ name, etag }: FoundBlob): Promise<ReadBlob | undefined> {
    return this.#call('read', undefined, async (abortSignal) => {
      const client = this.#client.getBlobClient(name);
      try {
        const properties = await client.getProperties({ abortSignal });
        if (unquoted(properties.etag ?? '') !== unquoted(etag)) return undefined;
        const bytes = await client.downloadToBuffer(0, undefined, {
          abortSignal,
          conditions: { ifMatch: properties.etag! },
        });
        const { contentType, lastModified, metadata = {} } = properties;
        return { name, etag, bytes, uri: client.url, contentType, lastModified, metadata };
      } catch (error) {
        if (isGone(error) || (error instanceof RestError && error.statusCode === 412)) return undefined;
        throw error;
      }
    });
  }

  async isNoted(note: string, signal: AbortSignal): Promise<boolean> {
    return this.#call('read the notes of', signal, (abortSignal) =>
      this.#notes.getBlobClient(note).exists({ abortSignal }),
    );
  }

  async note(note: string, signal: AbortSignal): Promise<void> {
    await this.#call('note', signal, async (abortSignal) => {
      const write = () =>
        this.#notes.getBlockBlobClient(note).uploadData(Buffer.alloc(0), {
          abortSignal,
          metadata: { Completed: 'True' },
        });
      try {
        await write();
      } catch (error) {
        if (!(error instanceof RestError) || error.code !== 'ContainerNotFound') throw error;
        await this.#notes.createIfNotExists({ abortSignal });
        await write();
      }
    });
  }

  async #call<T>(
    what: string,
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = AbortSignal.timeout(callLimitMs);
    try {
      return await call(signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (error) {
      const why = reasonOf(error);
      throw new QuarterdeckError('STORAGE_UNAVAILABLE', `cannot ${what} container "${this.name}": ${why}`, {
        culprit: { service: 'blob', container: this.name },
        cause: error,
      });
    }
  }
}

export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}

function isGone(error: unknown): boolean {
  return error instanceof RestError && (gone.has(error.code ?? '') || error.statusCode === 404);
}
