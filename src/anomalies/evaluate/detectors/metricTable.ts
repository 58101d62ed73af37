import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { isQuarterdeckError, QuarterdeckError } from '../../../contracts';

/** A CSV file of numbers: columns by name, rows in order. */
export interface MetricTable {
  readonly columns: readonly string[];
  readonly rows: number;
  /** `rows × columns`, row-major. */
  readonly values: Float64Array;
}

const firstRoom = 1 << 16;

/**
 * Reads a CSV file whose cells are all numbers, gzipped when its name ends in .gz.
 * @throws FILE_MALFORMED naming row and column, DATA_EMPTY, ABORTED.
 */
export async function readMetricTable(file: string, signal?: AbortSignal): Promise<MetricTable> {
  let columns: string[] = [];
  let values = new Float64Array(firstRoom);
  let filled = 0;
  let rows = 0;
  const parser = parse({ bom: true, skip_empty_lines: true });
  const take = async (records: AsyncIterable<string[]>): Promise<void> => {
    for await (const record of records) {
      if (columns.length === 0) {
        columns = record.map((name) => name.trim());
        continue;
      }
      if (filled + record.length > values.length) {
        const larger = new Float64Array(2 * values.length + record.length);
        larger.set(values);
        values = larger;
      }
      for (const [column, cell] of record.entries()) {
        const value = cell.trim() === '' ? NaN : Number(cell);
        if (!Number.isFinite(value)) throw notANumber(file, rows, columns[column]!, cell);
        values[filled++] = value;
      }
      rows++;
    }
  };
  try {
    const source = createReadStream(file);
    const options = signal ? { signal } : {};
    if (file.endsWith('.gz')) await pipeline(source, createGunzip(), parser, take, options);
    else await pipeline(source, parser, take, options);
  } catch (error) {
    if (isQuarterdeckError(error)) throw error;
    if (signal?.aborted)
      throw new QuarterdeckError('ABORTED', `reading ${file} was stopped`, { cause: error });
    const detail = error instanceof Error ? error.message : String(error);
    throw new QuarterdeckError('FILE_MALFORMED', `${file}: ${detail}`, { culprit: { file }, cause: error });
  }
  if (rows === 0) throw new QuarterdeckError('DATA_EMPTY', `${file} has no rows`, { culprit: { file } });
  return { columns, rows, values: values.subarray(0, filled) };
}

function notANumber(file: string, row: number, column: string, cell: string): QuarterdeckError {
  const shown = JSON.stringify(cell.slice(0, 40));
  return new QuarterdeckError(
    'FILE_MALFORMED',
    `${file}, row ${row}, column ${column}: ${shown} is no number`,
    {
      culprit: { file, row, column },
    },
  );
}
