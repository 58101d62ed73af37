import { CsvError, parse } from 'csv-parse/sync';
import { QuarterdeckError } from '../../../contracts';
import { excerptOf, type Decoded } from '../batch';

/** Column separators that spreadsheets write, by locale. */
const delimiters = [',', ';', '\t', '|'] as const;
/** Bytes in one record after which a quote must have been left open. */
const recordBytes = 4 * 1024 * 1024;

/**
 * Every row of a CSV body with a header, as text by column name; a cell is never anything but text, so one that a
 * spreadsheet would run (`=cmd|…`) is as harmless as any.
 * @throws INPUT_INVALID when the body is not UTF-8, or a record never ends.
 */
export function* csvRecords<T>(
  body: Uint8Array,
  read: (
    columns: readonly string[],
  ) => (index: number, record: Readonly<Record<string, string>>) => Iterable<Decoded<T>>,
): Generator<Decoded<T>> {
  const rows = parsed(textOf(body));
  const [header, ...records] = rows;
  if (!header) return;
  const columns = header.map((name, index) => name.trim() || `column_${index + 1}`);
  const readRecord = read(columns);
  for (const [index, cells] of records.entries()) {
    if (cells.length > columns.length) {
      const message = `${cells.length} cells, the header names ${columns.length}`;
      yield {
        index,
        refusal: { code: 'RECORD_MALFORMED', message },
        excerpt: () => excerptOf(cells.join(' | ')),
      };
      continue;
    }
    const record: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [at, name] of columns.entries()) record[name] = cells[at] ?? '';
    yield* readRecord(index, record);
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new QuarterdeckError('INPUT_INVALID', 'the CSV is not valid UTF-8', { cause: error });
  }
}

function parsed(text: string): string[][] {
  const end = text.search(/[\r\n]/);
  const header = end === -1 ? text : text.slice(0, end);
  const count = (delimiter: string): number => header.split(delimiter).length;
  const delimiter = delimiters.reduce((best, other) => (count(other) > count(best) ? other : best));
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: recordBytes,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new QuarterdeckError(
      'INPUT_INVALID',
      'the CSV has a record that does not end: is a quote left open?',
      {
        cause: error,
      },
    );
  }
}
