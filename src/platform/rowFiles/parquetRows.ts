import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { QuarterdeckError } from '../../contracts';
import { cellText } from './cellText';
import { BatchBuilder, batchRows, type RowBatch } from './rowBatch';
import type { SourceFile } from './sourceFile';

/**
 * Reads a Parquet file, whatever its compression, a few thousand rows at a time. A file that is gzip outside is
 * unpacked to a temporary file first, because Parquet is read from its end.
 * @throws FILE_MALFORMED when it is damaged or cut short.
 */
export async function* readParquet(file: SourceFile, signal?: AbortSignal): AsyncGenerator<RowBatch> {
  if (!file.compressed) {
    yield* readPlain(file.path, file, signal);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-import-'));
  try {
    const plain = join(folder, 'unpacked.parquet');
    await pipeline(Readable.from(file.chunks(undefined, signal)), createWriteStream(plain));
    yield* readPlain(plain, file, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* readPlain(
  path: string,
  file: SourceFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowBatch> {
  try {
    const buffer = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(buffer);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    const total = Number(metadata.num_rows);
    const builder = new BatchBuilder(columns);
    for (let rowStart = 0; rowStart < total; rowStart += batchRows) {
      if (signal?.aborted) {
        throw new QuarterdeckError('ABORTED', 'the import was stopped', { cause: signal.reason });
      }
      const rowEnd = Math.min(total, rowStart + batchRows);
      const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd });
      for (const row of rows) builder.add(columns.map((name) => cellText(row[name])));
      yield builder.take(Math.round((file.size * rowEnd) / total));
    }
  } catch (error) {
    if (error instanceof QuarterdeckError) throw error;
    throw new QuarterdeckError('FILE_MALFORMED', `${file.path} is not a readable Parquet file`, {
      culprit: { file: file.path },
      cause: error,
    });
  }
}
