import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { QuarterdeckError } from '../../contracts';
import { BatchBuilder, excerpt, type RowBatch } from './rowBatch';

/** Column separators that spreadsheets write, by locale. */
const delimiters = [',', ';', '\t', '|'] as const;

/** Bytes in one record after which a quote must have been left open; far above the limit of one cell. */
const recordBytes = 16 * 1024 * 1024;

/**
 * Reads delimited text with a header line (RFC 4180, with mixed line ends, stray quotes and any of four delimiters).
 * A row with fewer cells than the header is filled with empty ones; a row with more is a fault, because nobody can
 * tell which cells moved.
 * @throws FILE_MALFORMED when a record never ends.
 */
export async function* readCsv(
  path: string,
  text: AsyncGenerator<string>,
  progress: { bytesRead: number },
): AsyncGenerator<RowBatch> {
  const first = await text.next();
  if (first.done) return;
  const parser = parse({
    delimiter: detectDelimiter(first.value),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: recordBytes,
  });
  const source = Readable.from(continued(first.value, text));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let builder: BatchBuilder | undefined;
  let columns: string[] = [];
  try {
    for await (const record of parser) {
      const cells = record as string[];
      if (!builder) {
        columns = uniqueNames(cells);
        builder = new BatchBuilder(columns);
        continue;
      }
      if (cells.slice(columns.length).some((cell) => cell !== '')) {
        builder.refuse({
          reason: 'FILE_ROW_MALFORMED',
          detail: `${cells.length} cells, the header names ${columns.length}`,
          excerpt: excerpt(cells.join(' | ')),
        });
      } else {
        builder.add(cells);
      }
      if (builder.full) yield builder.take(progress.bytesRead);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = (builder?.row ?? 0) + 1;
    throw new QuarterdeckError('FILE_MALFORMED', `${path}: row ${row} does not end: is a quote left open?`, {
      culprit: { file: path, row },
      cause: error,
    });
  } finally {
    source.destroy();
    parser.destroy();
  }
  if (builder && !builder.empty) yield builder.take(progress.bytesRead);
}

async function* continued(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** The delimiter found most often in the header line, outside quotes. */
export function detectDelimiter(text: string): string {
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (counts.has(character)) counts.set(character, counts.get(character)! + 1);
  }
  return delimiters.reduce((best, candidate) =>
    counts.get(candidate)! > counts.get(best)! ? candidate : best,
  );
}

/** Names without surrounding blanks; a repeated one gets `_2`, an empty one its position. */
export function uniqueNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const name = cell.trim() || `column_${index + 1}`;
    let unique = name;
    for (let occurrence = 2; taken.has(unique); occurrence++) unique = `${name}_${occurrence}`;
    taken.add(unique);
    return unique;
  });
}
