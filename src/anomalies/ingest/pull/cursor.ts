import { z } from 'zod';
import { isQuarterdeckError, type Timestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';

/** How far a source was pulled: everything before `to` is stored. */
const cursorSchema = z.object({ to: z.string(), updatedAt: z.string() });

export interface Cursor {
  readonly to: Timestamp;
  readonly etag: string;
}

const cursorName = (source: string): string => `ingest/cursors/${source}.json`;

export async function readCursor(
  platform: Pick<Platform, 'blobs'>,
  source: string,
  signal: AbortSignal,
): Promise<Cursor | undefined> {
  try {
    const { bytes, etag } = await platform.blobs.read(cursorName(source), signal);
    return { to: cursorSchema.parse(JSON.parse(new TextDecoder().decode(bytes))).to, etag };
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
    throw error;
  }
}

/**
 * Moves the cursor on from the one that was read.
 * @returns false when another instance moved it meanwhile: what it stored is stored too
 */
export async function moveCursor(
  platform: Pick<Platform, 'blobs'>,
  source: string,
  before: Cursor | undefined,
  after: { readonly to: Timestamp; readonly updatedAt: Timestamp },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await platform.blobs.write(cursorName(source), new TextEncoder().encode(JSON.stringify(after)), {
      ...(before === undefined ? { create: true } : { ifMatch: before.etag }),
      contentType: 'application/json',
      signal,
    });
    return true;
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_CHANGED') || isQuarterdeckError(error, 'BLOB_EXISTS')) return false;
    throw error;
  }
}
