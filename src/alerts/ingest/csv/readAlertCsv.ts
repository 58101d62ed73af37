import { basename } from 'node:path';
import type { Alert, Timestamp } from '../../../contracts';
import { openRowFile, type FileFormat } from '../../../platform/rowFiles/readRows';
import type { FileRow } from '../../../platform/rowFiles/rowBatch';
import { excerptOf, type AlertCandidate, type AlertOddities, type RefusalCode } from '../candidate';
import { checkAlert, fileTimes, isRefusal, type CheckContext } from '../checkAlert';
import { parseLabelText } from '../labelText';
import { LocalTime } from '../localTime';
import type { AlertField, AlertFieldMap } from '../alertFields';
import { mapAlertColumns } from './columns';

export interface AlertFileOptions {
  /** Column of the file by column of ours (`parseAlertFieldMap`). */
  readonly map?: Readonly<Record<string, string>>;
  /** IANA zone of times that name none: the setting ALERT_TIME_ZONE. */
  readonly timeZone: string;
  /** When the file is read: an end later than this is one that lies ahead, a start a year later is none. */
  readonly arrivedAt: Timestamp;
  /** Source of rows that name none; `csv` when not given. */
  readonly source?: string;
}

/** A row that became no alert. */
export interface RejectedAlertRow {
  /** Number of the row in the file, the first below the header being 1. */
  readonly row: number;
  readonly code: RefusalCode;
  readonly message: string;
  /** The start of the row as text. */
  readonly excerpt: string;
}

export interface AlertBatch {
  /** In the order of the file. */
  readonly alerts: readonly Alert[];
  readonly rejected: readonly RejectedAlertRow[];
  /** Bytes of the file read so far, as stored. */
  readonly bytesRead: number;
}

/** What the reader found so far. */
export interface AlertFileReport {
  readonly rows: number;
  readonly alerts: number;
  readonly rejected: number;
  readonly rejectedByCode: Readonly<Record<string, number>>;
  /** Column of the file by column of ours; empty before the first row is read. */
  readonly columns: AlertFieldMap;
  /** Rows with a time that named no zone and was read in `timeZone`. */
  readonly rowsWithoutZone: number;
  readonly timeZone: string;
  /** Severities that nobody knows, with how many rows say so; at most 50 words. */
  readonly unknownSeverities: Readonly<Record<string, number>>;
  /** States that nobody knows, likewise: without an end they are taken to fire. */
  readonly unknownStatuses: Readonly<Record<string, number>>;
  /** Labels left out because an alert had too many. */
  readonly labelsCut: number;
}

export interface AlertFile {
  readonly path: string;
  readonly size: number;
  readonly format: FileFormat;
  readonly encoding: string | undefined;
  /** The alerts in parts of bounded size: a file of millions costs no more memory than one of thousands. */
  batches(signal?: AbortSignal): AsyncGenerator<AlertBatch>;
  report(): AlertFileReport;
}

const defaultSource = 'csv';
const mostUnknownWords = 50;

/**
 * Opens a file of alerts: CSV with any usual delimiter and encoding, also NDJSON or Parquet, each also as gzip. A row
 * that is no alert is set aside with its reason; the rows around it are read.
 * @throws NOT_FOUND, DATA_EMPTY, FILE_ENCODING_UNKNOWN, FILE_MALFORMED, PARAMETER_INVALID (time zone); while reading
 * FILE_COLUMN_MISSING naming the column, and INPUT_INVALID for a map that names no column of ours.
 */
export async function readAlertCsv(
  path: string,
  options: AlertFileOptions,
  signal?: AbortSignal,
): Promise<AlertFile> {
  const local = new LocalTime(options.timeZone);
  const rows = await openRowFile(path, signal);
  const { arrivedAt } = options;
  const context: CheckContext = { arrivedAt, local, ...fileTimes(arrivedAt), happensNow: false };
  let tally = new Tally(options.timeZone);
  return {
    path,
    size: rows.size,
    format: rows.format,
    encoding: rows.encoding,
    report: () => tally.report(),
    async *batches(stop) {
      tally = new Tally(options.timeZone);
      let layout: Layout | undefined;
      let last: { readonly values: Cells; readonly outcome: ReturnType<typeof checkAlert> } | undefined;
      for await (const batch of rows.batches(stop)) {
        layout ??= layoutOf(batch.columns, mapAlertColumns(basename(path), batch.columns, options.map ?? {}));
        tally.columns = layout.columns;
        const alerts: Alert[] = [];
        const rejected: RejectedAlertRow[] = batch.faults.map(({ row, reason, detail, excerpt }) => ({
          row,
          code: reason === 'INPUT_TOO_LARGE' ? 'RECORD_TOO_LARGE' : 'RECORD_MALFORMED',
          message: detail,
          excerpt,
        }));
        for (const { row, values } of batch.rows) {
          // Of a million identical rows one is read.
          if (!last || !sameCells(batch.columns, last.values, values)) {
            last = { values, outcome: readRow(values, layout, context, options.source ?? defaultSource) };
          }
          const { outcome } = last;
          if (isRefusal(outcome)) {
            rejected.push({ row, ...outcome, excerpt: excerptOf(values) });
          } else {
            alerts.push(outcome.alert);
            tally.take(outcome.oddities);
          }
        }
        tally.count(alerts.length, rejected);
        yield { alerts, rejected, bytesRead: batch.bytesRead };
      }
    },
  };
}

/** Which columns mean something to us, and which are kept as labels. */
interface Layout {
  readonly columns: AlertFieldMap;
  readonly others: readonly string[];
}

function layoutOf(names: readonly string[], columns: AlertFieldMap): Layout {
  const mapped = new Set(Object.values(columns));
  return { columns, others: names.filter((name) => !mapped.has(name)) };
}

type Cells = FileRow['values'];

function sameCells(columns: readonly string[], a: Cells, b: Cells): boolean {
  return columns.every((column) => a[column] === b[column]);
}

function readRow(
  values: Cells,
  { columns, others }: Layout,
  context: CheckContext,
  source: string,
): ReturnType<typeof checkAlert> {
  const cell = (column: AlertField): string => {
    const name = columns[column];
    return name === undefined ? '' : (values[name] ?? '');
  };
  const labels = parseLabelText(cell('labels'));
  if (labels === undefined) {
    return { code: 'LABELS_INVALID', message: 'the labels are neither JSON nor pairs of names and values' };
  }
  const attributes = others
    .filter((name) => (values[name] ?? '').trim() !== '')
    .map((name): [string, string] => [name, values[name]!.trim()]);
  const candidate: AlertCandidate = {
    source: cell('source').trim() || source,
    id: cell('alert_id'),
    fingerprint: cell('fingerprint'),
    name: cell('alert_name'),
    service: cell('service'),
    resource: cell('resource'),
    severity: cell('severity'),
    status: cell('status'),
    startsAt: cell('start_time'),
    endsAt: cell('end_time'),
    description: cell('description'),
    labels,
    attributes,
  };
  return checkAlert(candidate, context);
}

class Tally {
  columns: AlertFieldMap = {};
  private alerts = 0;
  private rowsWithoutZone = 0;
  private labelsCut = 0;
  private readonly rejected = new Map<string, number>();
  private readonly severities = new Map<string, number>();
  private readonly statuses = new Map<string, number>();

  constructor(private readonly timeZone: string) {}

  take({ zonelessTimes, unknownSeverity, unknownStatus, labelsCut }: AlertOddities): void {
    if (zonelessTimes > 0) this.rowsWithoutZone++;
    this.labelsCut += labelsCut;
    countWord(this.severities, unknownSeverity);
    countWord(this.statuses, unknownStatus);
  }

  count(alerts: number, rejected: readonly RejectedAlertRow[]): void {
    this.alerts += alerts;
    for (const { code } of rejected) this.rejected.set(code, (this.rejected.get(code) ?? 0) + 1);
  }

  report(): AlertFileReport {
    const rejected = [...this.rejected.values()].reduce((sum, count) => sum + count, 0);
    return {
      rows: this.alerts + rejected,
      alerts: this.alerts,
      rejected,
      rejectedByCode: Object.fromEntries(this.rejected),
      columns: this.columns,
      rowsWithoutZone: this.rowsWithoutZone,
      timeZone: this.timeZone,
      unknownSeverities: Object.fromEntries(this.severities),
      unknownStatuses: Object.fromEntries(this.statuses),
      labelsCut: this.labelsCut,
    };
  }
}

function countWord(words: Map<string, number>, word: string | undefined): void {
  if (word === undefined || (!words.has(word) && words.size >= mostUnknownWords)) return;
  words.set(word, (words.get(word) ?? 0) + 1);
}
