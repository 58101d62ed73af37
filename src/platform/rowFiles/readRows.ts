import { decodedChunks, detectEncoding, type Encoding } from './encoding';
import { readCsv } from './csvRows';
import { readNdjson } from './ndjsonRows';
import { readParquet } from './parquetRows';
import type { RowBatch } from './rowBatch';
import { emptyFile, openSourceFile, type SourceFile } from './sourceFile';

export type FileFormat = 'csv' | 'ndjson' | 'parquet';

/** A file of rows: CSV (any usual delimiter), NDJSON or Parquet, each also as gzip. */
export interface RowFile {
  readonly path: string;
  readonly size: number;
  readonly format: FileFormat;
  /** Undefined for Parquet. */
  readonly encoding: Encoding | undefined;
  /** The rows from the start, in batches of bounded size; may be called again. */
  batches(signal?: AbortSignal): AsyncGenerator<RowBatch>;
}

/**
 * Finds out what a file is, by its content first and its name second.
 * @throws NOT_FOUND, DATA_EMPTY, FILE_ENCODING_UNKNOWN, FILE_MALFORMED
 */
export async function openRowFile(path: string, signal?: AbortSignal): Promise<RowFile> {
  const file = await openSourceFile(path);
  const head = await headOf(file, signal);
  const common = { path, size: file.size };
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    return {
      ...common,
      format: 'parquet',
      encoding: undefined,
      batches: (stop) => notEmpty(path, readParquet(file, stop)),
    };
  }
  const encoding = await detectEncoding(file, signal);
  const format = textFormat(path, head);
  return {
    ...common,
    format,
    encoding,
    batches(stop) {
      const progress = { bytesRead: 0 };
      const text = decodedChunks(file, encoding, progress, stop);
      return notEmpty(path, format === 'csv' ? readCsv(path, text, progress) : readNdjson(text, progress));
    },
  };
}

/**
 * Every row of a file as text by column name, in batches of bounded size.
 * @throws NOT_FOUND, DATA_EMPTY, FILE_ENCODING_UNKNOWN, FILE_MALFORMED
 */
export async function* readRows(path: string, signal?: AbortSignal): AsyncGenerator<RowBatch> {
  const file = await openRowFile(path, signal);
  yield* file.batches(signal);
}

async function headOf(file: SourceFile, signal: AbortSignal | undefined): Promise<Buffer> {
  for await (const chunk of file.chunks(undefined, signal)) return chunk;
  throw emptyFile(file.path);
}

function textFormat(path: string, head: Buffer): 'csv' | 'ndjson' {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (/\.(ndjson|jsonl|json)$/.test(name)) return 'ndjson';
  if (/\.(csv|tsv)$/.test(name)) return 'csv';
  return /^[^\p{L}\d",;]*\{/u.test(head.subarray(0, 200).toString('utf8')) ? 'ndjson' : 'csv';
}

async function* notEmpty(path: string, batches: AsyncGenerator<RowBatch>): AsyncGenerator<RowBatch> {
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.rows.length + batch.faults.length;
    yield batch;
  }
  if (rows === 0) throw emptyFile(path);
}
