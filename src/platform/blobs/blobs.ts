/** Blobs of one container (settings.storage.artifactsContainer). Names are `/`-separated. */
export interface Blobs {
  /** Throws BLOB_MISSING. */
  read(name: string, signal?: AbortSignal): Promise<{ bytes: Uint8Array; etag: string }>;
  exists(name: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Writes a whole blob.
   * `create`: throws BLOB_EXISTS when there is one. `ifMatch`: throws BLOB_CHANGED when it is not that one any more.
   */
  write(
    name: string,
    bytes: Uint8Array,
    options?: { create?: boolean; ifMatch?: string; contentType?: string; signal?: AbortSignal },
  ): Promise<{ etag: string }>;
  /** Names below a prefix, in lexical order. */
  list(
    prefix: string,
    signal?: AbortSignal,
  ): AsyncIterable<{ name: string; size: number; lastModified: number }>;
  /** A blob that is not there is no error. */
  delete(name: string, signal?: AbortSignal): Promise<void>;
  /**
   * Takes the lease `name` (a blob below `locks/`) and keeps renewing it until released.
   * Throws LEASE_HELD when somebody else has it. A holder that dies loses it after `durationSeconds` (15 to 60).
   */
  acquireLease(name: string, options?: { durationSeconds?: number; signal?: AbortSignal }): Promise<Lease>;
}

export interface Lease {
  /** Aborted with LEASE_LOST when the lease could not be renewed in time. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}
