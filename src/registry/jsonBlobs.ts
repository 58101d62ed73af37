import type { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../contracts';
import type { Platform } from '../platform/platform';

/** A JSON blob, checked against its schema; undefined when there is none. Throws MODEL_CORRUPT. */
export async function readJson<T>(
  platform: Pick<Platform, 'blobs'>,
  name: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<{ value: T; etag: string } | undefined> {
  const blob = await readIfThere(platform, name, signal);
  if (!blob) return undefined;
  return { value: parseJson(name, blob.bytes, schema), etag: blob.etag };
}

export async function readIfThere(
  platform: Pick<Platform, 'blobs'>,
  name: string,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; etag: string } | undefined> {
  try {
    return await platform.blobs.read(name, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
    throw error;
  }
}

/** @throws MODEL_CORRUPT naming the blob. */
export function parseJson<T>(name: string, bytes: Uint8Array, schema: z.ZodType<T>): T {
  const corrupt = (why: string, cause?: unknown) =>
    new QuarterdeckError('MODEL_CORRUPT', `${name}: ${why}`, { culprit: { blob: name }, cause });
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw corrupt('it is not JSON', error);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw corrupt(`it does not fit its schema: ${parsed.error.issues[0]?.message}`, parsed.error);
  return parsed.data;
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
