import { createGunzip, createInflate } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { QuarterdeckError } from '../../contracts';

/** The parts of a request that a body is read from; the Functions runtime's HttpRequest fits. */
export interface BodySource {
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  /** Reads all of it at once: quicker than the stream, where its length is known. */
  arrayBuffer?(): Promise<ArrayBuffer>;
}

export interface BodyLimits {
  /** Most bytes of the body, its compression taken off. */
  readonly maximumBytes: number;
  /** How many times its compressed size a body may have; without it any. */
  readonly maximumRatio?: number;
  /** Content encodings that the caller takes off by himself: the body is given as it came. */
  readonly keptEncodings?: readonly string[];
}

/** Up to here a body is read sooner at once; beyond it, the copies that this makes take longer than the stream does. */
const smallBytes = 262_144;
/** Bytes up to which the ratio does not count: a short body of blanks is harmless. */
const ratioCountsFrom = 1024 * 1024;

/**
 * Reads a whole body, inflating gzip and deflate, and stops at the limit: a body of 100 MB or a gzip bomb costs no
 * more memory than `maximumBytes`.
 * @throws INPUT_TOO_LARGE, INPUT_UNSUPPORTED (content encoding), INPUT_INVALID (damaged compression)
 */
export async function readBody(source: BodySource, limits: number | BodyLimits): Promise<Uint8Array> {
  const {
    maximumBytes,
    maximumRatio = Infinity,
    keptEncodings = [],
  }: BodyLimits = typeof limits === 'number' ? { maximumBytes: limits } : limits;
  const announced = Number(source.headers.get('content-length') ?? 0);
  if (announced > maximumBytes) throw tooLarge(maximumBytes);
  if (!source.body) return new Uint8Array(0);
  const encoding = contentEncoding(source);
  // The server holds a body to the length that its header announces.
  if (encoding === 'identity' && announced > 0 && announced <= smallBytes && source.arrayBuffer) {
    const bytes = new Uint8Array(await source.arrayBuffer());
    if (bytes.byteLength > maximumBytes) throw tooLarge(maximumBytes);
    return bytes;
  }
  const received = Readable.fromWeb(source.body as NodeReadableStream);
  if (encoding === 'identity' || keptEncodings.includes(encoding)) return collect(received, maximumBytes);
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    received.destroy();
    throw new QuarterdeckError(
      'INPUT_UNSUPPORTED',
      `content encoding ${encoding.slice(0, 40)} is not supported; use gzip`,
      { culprit: { field: 'content-encoding' } },
    );
  }
  const inflated = encoding === 'gzip' ? createGunzip() : createInflate();
  let compressed = 0;
  received.on('data', (chunk: Uint8Array) => {
    compressed += chunk.length;
  });
  received.on('error', (error) => inflated.destroy(error));
  received.pipe(inflated);
  try {
    return await collect(inflated, maximumBytes, (size) => {
      if (size > ratioCountsFrom && size > compressed * maximumRatio) throw tooDense(maximumRatio);
    });
  } catch (error) {
    if (error instanceof QuarterdeckError) throw error;
    throw new QuarterdeckError('INPUT_INVALID', `the body is not valid ${encoding}`, { cause: error });
  } finally {
    received.destroy();
  }
}

/** In lower case; `identity` when none is named. */
export function contentEncoding(source: BodySource): string {
  return (source.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
}

async function collect(
  stream: Readable,
  maximumBytes: number,
  check: (size: number) => void = () => {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maximumBytes) {
      stream.destroy();
      throw tooLarge(maximumBytes);
    }
    check(size);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

function tooLarge(maximumBytes: number): QuarterdeckError {
  return new QuarterdeckError('INPUT_TOO_LARGE', `the body is larger than ${maximumBytes} bytes`, {
    culprit: { field: 'body' },
  });
}

function tooDense(maximumRatio: number): QuarterdeckError {
  return new QuarterdeckError(
    'INPUT_TOO_LARGE',
    `the body inflates to more than ${maximumRatio} times its compressed size`,
    { culprit: { field: 'body' } },
  );
}
