import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { QuarterdeckError, type Timestamp } from '../../contracts';
import { microsecondsOf } from '../../platform/warehouse/microseconds';
import type { IngestKind, ReceivedBatch, SourceShape } from './batch';

/**
 * A batch as it was received, as a Parquet file: one row for each line of a body that is made of lines, one for any
 * other. The records side by side are the body again, byte for byte, so that a batch can be worked through anew.
 */

/** `2026/10/05/12/metrics-{batchId}.parquet`, by the hour of arrival. */
export function rawName(kind: IngestKind, batchId: string, arrivedAt: Timestamp): string {
  const hour = arrivedAt.slice(0, 13).replace('T', '/').replaceAll('-', '/');
  return `${hour}/${kind}-${batchId}.parquet`;
}

const linedShapes: ReadonlySet<SourceShape> = new Set(['ndjson', 'csv', 'text']);
/** Above this, one row for each line would only make the file larger. */
const mostRecords = 200_000;
const newline = 0x0a;

export function encodeRaw(batch: ReceivedBatch): Uint8Array {
  const records = recordsOf(batch);
  const moment = microsecondsOf(batch.arrivedAt);
  const same = <T>(value: T): T[] => Array.from({ length: records.length }, () => value);
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 6 },
        { name: 'position', type: 'INT32', repetition_type: 'REQUIRED' },
        { name: 'record', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
        {
          name: 'arrived_at',
          type: 'INT64',
          converted_type: 'TIMESTAMP_MICROS',
          repetition_type: 'REQUIRED',
        },
        { name: 'kind', ...text },
        { name: 'shape', ...text },
        { name: 'batch_id', ...text },
      ],
      columnData: [
        { name: 'position', data: records.map((_record, index) => index) },
        { name: 'record', data: records },
        { name: 'arrived_at', data: same(moment) },
        { name: 'kind', data: same(batch.kind) },
        { name: 'shape', data: same(batch.shape) },
        { name: 'batch_id', data: same(batch.batchId) },
      ],
      createdBy: 'quarterdeck',
    }),
  );
}

/**
 * The body that a raw file was made of.
 * @throws FILE_MALFORMED when the file is damaged.
 */
export async function decodeRaw(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const rows = await parquetReadObjects({ file, columns: ['record'], compressors, utf8: false });
    return Buffer.concat(rows.map((row) => row['record'] as Uint8Array));
  } catch (error) {
    throw new QuarterdeckError('FILE_MALFORMED', `${name} is not a readable Parquet file`, {
      culprit: { blob: name },
      cause: error,
    });
  }
}

/** Lines with their line ends, or the whole body. */
function recordsOf({ shape, body }: ReceivedBatch): Uint8Array[] {
  if (!linedShapes.has(shape)) return [body];
  const lines: Uint8Array[] = [];
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(newline, start);
    const end = found === -1 ? body.length : found + 1;
    if (lines.length === mostRecords) return [body];
    lines.push(body.subarray(start, end));
    start = end;
  }
  return lines.length === 0 ? [body] : lines;
}
