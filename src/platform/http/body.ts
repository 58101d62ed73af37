import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { QuarterdeckError } from '../../contracts';

/** The parts of a request that a body is read from; the Functions runtime's HttpRequest fits. */
export interface BodySource {
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}

/**
 * Reads a whole body, inflating gzip, and stops at the limit: a body of 100 MB or a gzip bomb costs no more
 * memory than `maximumBytes`.
 * @throws INPUT_TOO_LARGE, INPUT_UNSUPPORTED (content encoding), INPUT_INVALID (damaged gzip)
 */
export async function readBody(source: BodySource, maximumBytes: number): Promise<Uint8Array> {
  const announced = Number(source.headers.get('content-length') ?? 0);
  if (announced > maximumBytes) throw tooLarge(maximumBytes);
  if (!source.body) return new Uint8Array(0);
  const encoding = (source.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const received = Readable.fromWeb(source.body as NodeReadableStream);
  switch (encoding) {
    case 'identity':
      return collect(received, maximumBytes);
    case 'gzip': {
      const inflated = createGunzip();
      received.on('error', (error) => inflated.destroy(error));
      received.pipe(inflated);
      try {
        return await collect(inflated, maximumBytes);
      } catch (error) {
        if (error instanceof QuarterdeckError) throw error;
        throw new QuarterdeckError('INPUT_INVALID', 'the body is not valid gzip', { cause: error });
      } finally {
        received.destroy();
      }
    }
    default:
      throw new QuarterdeckError(
        'INPUT_UNSUPPORTED',
        `content encoding ${encoding} is not supported; use gzip`,
        {
          culprit: { field: 'content-encoding' },
        },
      );
  }
}

async function collect(stream: Readable, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maximumBytes) {
      stream.destroy();
      throw tooLarge(maximumBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(maximumBytes: number): QuarterdeckError {
  return new QuarterdeckError('INPUT_TOO_LARGE', `the body is larger than ${maximumBytes} bytes`, {
    culprit: { field: 'body' },
  });
}
