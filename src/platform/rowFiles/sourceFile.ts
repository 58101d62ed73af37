import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { QuarterdeckError } from '../../contracts';

/** A file of the user's: its size, whether it is compressed, and its bytes in order, uncompressed. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
  readonly compressed: boolean;
  /** The uncompressed bytes from the start; may be called again. `progress.bytesRead` counts stored bytes. */
  chunks(progress?: { bytesRead: number }, signal?: AbortSignal): AsyncGenerator<Buffer>;
}

const gzipMagic = [0x1f, 0x8b] as const;

/**
 * @throws NOT_FOUND when there is no such file, INPUT_INVALID when it is none, DATA_EMPTY when it has no bytes;
 * while reading: FILE_MALFORMED when compressed data is damaged or cut short.
 */
export async function openSourceFile(path: string): Promise<SourceFile> {
  const information = await stat(path).catch((cause: unknown) => {
    throw new QuarterdeckError('NOT_FOUND', `no file at ${path}`, { culprit: { file: path }, cause });
  });
  if (!information.isFile()) {
    throw new QuarterdeckError('INPUT_INVALID', `${path} is not a file`, { culprit: { file: path } });
  }
  if (information.size === 0) throw emptyFile(path);
  // By content, not by name: a .csv that is gzip inside is common, and so is the reverse.
  await using handle = await open(path);
  const head = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const compressed = head.bytesRead === 2 && gzipMagic.every((byte, index) => head.buffer[index] === byte);
  return {
    path,
    size: information.size,
    compressed,
    chunks: (progress, signal) => chunksOf(path, compressed, progress ?? { bytesRead: 0 }, signal),
  };
}

export function emptyFile(path: string): QuarterdeckError {
  return new QuarterdeckError('DATA_EMPTY', `${path} has no rows`, { culprit: { file: path } });
}

async function* chunksOf(
  path: string,
  compressed: boolean,
  progress: { bytesRead: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const stored = createReadStream(path, { highWaterMark: 256 * 1024 });
  stored.on('data', (chunk) => {
    progress.bytesRead += chunk.length;
  });
  stored.pause();
  const bytes = compressed ? stored.pipe(createGunzip()) : stored;
  stored.on('error', (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) {
      if (signal?.aborted) {
        throw new QuarterdeckError('ABORTED', 'the import was stopped', { cause: signal.reason });
      }
      yield chunk as Buffer;
    }
  } catch (error) {
    if (compressed && isZlibError(error)) {
      throw new QuarterdeckError('FILE_MALFORMED', `${path}: the compressed data is damaged or cut short`, {
        culprit: { file: path },
        cause: error,
      });
    }
    throw error;
  } finally {
    stored.destroy();
    bytes.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_')
  );
}
