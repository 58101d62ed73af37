import { basename } from 'node:path';
import { detectEncoding } from '../../../platform/rowFiles/encoding';
import { openRowFile, type RowFile } from '../../../platform/rowFiles/readRows';
import { emptyFile, openSourceFile, type SourceFile } from '../../../platform/rowFiles/sourceFile';
import { QuarterdeckError, type Timestamp } from '../../../contracts';
import { excerptOf, type Decoded, type MetricCandidate, type SourceShape } from '../batch';
import { parseObject } from '../decode/lines';
import { metricLayout, plainMetrics, type MetricLayout } from '../decode/plainMetrics';
import { plainLine, plainLog } from '../decode/plainLogs';
import type { RawLogRecord } from '../logParsing';
import { fileLines, fileRecords } from './fileLines';
import { minuteTime } from './minuteTime';

/** Files of metrics and logs: CSV, NDJSON, Parquet, and for logs plain text; each also as gzip. */

export interface ObservationFileOptions {
  /** Instance of the records that name none. */
  readonly instance?: string;
  /** Logger or file of the log records that name none. */
  readonly source?: string;
  /** Time of minute 0, for files that number their minutes. */
  readonly start?: Timestamp;
  /** Columns that are no metrics, such as labels. */
  readonly without?: readonly string[];
}

export interface ObservationFile<Candidate> {
  readonly size: number;
  readonly shape: SourceShape;
  /** Undefined for Parquet. */
  readonly encoding: string | undefined;
  /** Entries in the order of the file, in parts of bounded size. */
  parts(signal: AbortSignal): AsyncGenerator<{ entries: Iterable<Decoded<Candidate>>; bytesRead: number }>;
}

/**
 * @throws NOT_FOUND, DATA_EMPTY, FILE_ENCODING_UNKNOWN, FILE_MALFORMED; while reading FILE_COLUMN_MISSING and
 * INPUT_INVALID.
 */
export async function openMetricFile(
  path: string,
  options: ObservationFileOptions,
  signal: AbortSignal,
): Promise<ObservationFile<MetricCandidate>> {
  const rows = await openRowFile(path, signal);
  if (rows.format === 'ndjson') return metricLines(path, rows, options);
  const { size, encoding, format: shape } = rows;
  return {
    size,
    encoding,
    shape,
    async *parts(stop) {
      let layout: MetricLayout | undefined;
      for await (const batch of rows.batches(stop)) {
        layout ??= layoutOf(path, batch.columns, options);
        const known = layout;
        const timeOf = minuteTime(known.time, options.start);
        const defaults = { instance: options.instance, ...(timeOf && { timeOf }) };
        const entries = function* (): Generator<Decoded<MetricCandidate>> {
          for (const { row, values } of batch.rows) yield* plainMetrics(row - 1, values, known, defaults);
          yield* faultsOf(batch.faults);
        };
        yield { entries: entries(), bytesRead: batch.bytesRead };
      }
    },
  };
}

export async function openLogFile(
  path: string,
  options: ObservationFileOptions,
  signal: AbortSignal,
): Promise<ObservationFile<RawLogRecord>> {
  const file = await openSourceFile(path);
  const defaults = { instance: options.instance, source: options.source ?? basename(path) };
  const shape = await logShape(path, file, signal);
  if (shape === 'csv' || shape === 'parquet') {
    const rows = await openRowFile(path, signal);
    return {
      size: file.size,
      encoding: rows.encoding,
      shape,
      async *parts(stop) {
        for await (const batch of rows.batches(stop)) {
          const entries = function* (): Generator<Decoded<RawLogRecord>> {
            for (const { row, values } of batch.rows) yield plainLog(row - 1, values, defaults);
            yield* faultsOf(batch.faults);
          };
          yield { entries: entries(), bytesRead: batch.bytesRead };
        }
      },
    };
  }
  const encoding = await detectEncoding(file, signal);
  return {
    size: file.size,
    encoding,
    shape,
    async *parts(stop) {
      let index = 0;
      const texts = shape === 'ndjson' ? fileLines(file, encoding, stop) : fileRecords(file, encoding, stop);
      for await (const { lines, bytesRead } of texts) {
        const first = index;
        index += lines.length;
        const entries = lines.map((line, at) => {
          const parsed = shape === 'ndjson' ? parseObject(line) : undefined;
          // A line that is no object among those that are is still something that was logged.
          return parsed && 'object' in parsed
            ? plainLog(first + at, parsed.object, defaults)
            : plainLine(first + at, line, defaults);
        });
        yield { entries, bytesRead };
      }
    },
  };
}

async function metricLines(
  path: string,
  { size, encoding }: RowFile,
  options: ObservationFileOptions,
): Promise<ObservationFile<MetricCandidate>> {
  const file = await openSourceFile(path);
  const left = new Set(options.without);
  return {
    size,
    encoding,
    shape: 'ndjson',
    async *parts(stop) {
      let index = 0;
      for await (const { lines, bytesRead } of fileLines(file, encoding!, stop)) {
        const first = index;
        index += lines.length;
        const entries = function* (): Generator<Decoded<MetricCandidate>> {
          for (const [at, line] of lines.entries()) {
            const parsed = parseObject(line);
            if ('refusal' in parsed) {
              yield { index: first + at, refusal: parsed.refusal, excerpt: () => excerptOf(line) };
              continue;
            }
            const layout = metricLayout(Object.keys(parsed.object).filter((name) => !left.has(name)));
            const timeOf = minuteTime(layout.time, options.start);
            const defaults = { instance: options.instance, textIsLabel: true, ...(timeOf && { timeOf }) };
            yield* plainMetrics(first + at, parsed.object, layout, defaults);
          }
        };
        yield { entries: entries(), bytesRead };
      }
    },
  };
}

function layoutOf(path: string, columns: readonly string[], options: ObservationFileOptions): MetricLayout {
  const left = new Set(options.without);
  const layout = metricLayout(columns.filter((column) => !left.has(column)));
  const missing = layout.time === undefined ? 'timestamp' : undefined;
  const noInstance = layout.instance === undefined && options.instance === undefined ? 'instance' : undefined;
  const column = missing ?? noInstance;
  if (column === undefined) return layout;
  const remedy = column === 'instance' ? '; name the instance with --instance NAME' : '';
  throw new QuarterdeckError(
    'FILE_COLUMN_MISSING',
    `${path} has no column ${column}; it has ${columns.slice(0, 60).join(', ')}${remedy}`,
    { culprit: { file: path, column } },
  );
}

function* faultsOf(
  faults: readonly { row: number; reason: string; detail: string; excerpt: string }[],
): Generator<Decoded<never>> {
  for (const { row, reason, detail, excerpt } of faults) {
    const code = reason === 'INPUT_TOO_LARGE' ? 'RECORD_TOO_LARGE' : 'RECORD_MALFORMED';
    yield { index: row - 1, refusal: { code, message: detail }, excerpt: () => excerpt };
  }
}

/** By content first: a brace begins JSON, whatever the file is called. */
async function logShape(
  path: string,
  file: SourceFile,
  signal: AbortSignal,
): Promise<'csv' | 'ndjson' | 'parquet' | 'text'> {
  for await (const head of file.chunks(undefined, signal)) {
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
    const name = path.toLowerCase().replace(/\.gz$/, '');
    if (/\.(csv|tsv)$/.test(name)) return 'csv';
    return /^\s*\{/.test(head.subarray(0, 200).toString('utf8')) ? 'ndjson' : 'text';
  }
  throw emptyFile(path);
}
