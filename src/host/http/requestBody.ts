import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { QuarterdeckError } from '../../contracts';
import type { Environment } from '../configuration/environment';

/** The real host's own setting for the largest body, in bytes, and its default of 100 MiB. */
const bodyLimitSetting = 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT';
const defaultBodyLimit = 104_857_600;

/** @throws SETTINGS_INVALID naming the setting. */
export function bodyLimit(environment: Environment): number {
  const text = environment[bodyLimitSetting];
  if (!text) return defaultBodyLimit;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new QuarterdeckError('SETTINGS_INVALID', `${bodyLimitSetting} is no number of bytes: "${text}"`, {
    culprit: { setting: bodyLimitSetting },
  });
}

function tooLarge(limit: number): QuarterdeckError {
  return new QuarterdeckError('INPUT_TOO_LARGE', `the request body is over ${limit} bytes`, {
    culprit: { field: 'body' },
  });
}

/** Refuses by the Content-Length alone, before a byte is read. Throws INPUT_TOO_LARGE. */
export function checkAnnouncedLength(request: IncomingMessage, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

/** The whole body. Compressed bodies stay compressed, as in the real host. Throws INPUT_TOO_LARGE. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

/** The body as it arrives; reading it fails with INPUT_TOO_LARGE past the limit, which `onExceeded` is told. */
export function limitedBody(request: IncomingMessage, limit: number, onExceeded: () => void): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) {
        onExceeded();
        throw tooLarge(limit);
      }
      yield chunk;
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}
