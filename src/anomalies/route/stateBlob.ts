import type { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import type { Platform } from '../../platform/platform';

/** A JSON document of the monitoring folder that is only ever replaced under its ETag. */
export interface StateBlob<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
}

export interface StoredState<T> {
  readonly state: T;
  readonly etag: string;
}

/** @returns undefined when there is none yet. Throws MODEL_CORRUPT when it cannot be read: nothing is guessed. */
export async function readState<T>(
  { blobs }: Pick<Platform, 'blobs'>,
  { name, schema }: StateBlob<T>,
  signal: AbortSignal,
): Promise<StoredState<T> | undefined> {
  let found: { bytes: Uint8Array; etag: string };
  try {
    found = await blobs.read(name, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
    throw error;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(found.bytes);
    return { state: schema.parse(JSON.parse(text)), etag: found.etag };
  } catch (error) {
    throw new QuarterdeckError('MODEL_CORRUPT', `${name} is not what its schema says`, {
      culprit: { blob: name },
      cause: error,
    });
  }
}

/** @returns false when somebody else wrote meanwhile */
export async function writeState<T>(
  { blobs }: Pick<Platform, 'blobs'>,
  { name }: StateBlob<T>,
  state: T,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await blobs.write(name, new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`), {
      ...(etag === undefined ? { create: true } : { ifMatch: etag }),
      contentType: 'application/json',
      signal,
    });
    return true;
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_EXISTS') || isQuarterdeckError(error, 'BLOB_CHANGED')) return false;
    throw error;
  }
}
