import { basename } from 'node:path';
import { QuarterdeckError, type Incident, type Quarter } from '../../contracts';
import { mapColumns, missingColumn, type ColumnMap, type IncidentColumn } from './columns';
import { ContentNumbers, firstSentence } from './derive';
import { openRowFile, type FileFormat } from '../../platform/rowFiles/readRows';
import type { FileRow, RowBatch } from '../../platform/rowFiles/rowBatch';
import { dateOrderOf, readTicketTime, spreadOver, type DateOrder } from './ticketTime';

export interface IncidentFileOptions {
  /** Column of the file by column of ours. */
  readonly map?: Readonly<Record<string, string>>;
  /** Tech centre of every row, where the file has no column for it. */
  readonly techCenter?: string;
  /** Quarter over which rows without a time are spread. */
  readonly period?: Quarter;
}

/** A row that became no ticket. */
export interface RefusedRow {
  readonly row: number;
  readonly reason: RefusalReason;
  /** What is wrong with it; the row is not named again. */
  readonly detail: string;
  readonly excerpt: string;
}

export type RefusalReason =
  | 'FILE_ROW_MALFORMED'
  | 'INPUT_TOO_LARGE'
  | 'NUMBER_INVALID'
  | 'TEXT_EMPTY'
  | 'TIME_INVALID'
  | 'TECH_CENTER_INVALID';

export interface IncidentBatch {
  readonly incidents: readonly Incident[];
  readonly refused: readonly RefusedRow[];
  readonly bytesRead: number;
}

export interface IncidentFileReport {
  readonly file: string;
  readonly format: FileFormat;
  readonly encoding: string | undefined;
  /** Rows read so far, the refused ones included. */
  readonly rows: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Column of the file by column of ours. */
  readonly columns: ColumnMap;
  /** How what the file lacks was made, by column of ours. */
  readonly derived: Readonly<Partial<Record<IncidentColumn, string>>>;
  /** Columns that nothing was taken from. */
  readonly unused: readonly string[];
}

export interface IncidentFile {
  readonly size: number;
  batches(signal?: AbortSignal): AsyncGenerator<IncidentBatch>;
  /** What is known so far; complete after the last batch. */
  report(): IncidentFileReport;
}

/** Longest number and tech centre, as in the schema of a ticket. */
const keyCharacters = 200;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001F\u007F]/;

/**
 * Reads tickets from a file of rows. A column that the file lacks is derived, and the report says how: `number` from
 * a hash of the content, `short_description` from the first sentence, `sys_created_on` spread over `period`,
 * `tech_center` from the option. A row that cannot be a ticket is refused alone.
 * @throws what opening the file throws; while reading, FILE_COLUMN_MISSING naming the column and those there are,
 * INPUT_INVALID for a bad map.
 */
export async function readIncidentFile(
  path: string,
  options: IncidentFileOptions = {},
  signal?: AbortSignal,
): Promise<IncidentFile> {
  const source = await openRowFile(path, signal);
  const state = { rows: 0, refused: new Map<string, number>() };
  let reader: RowReader | undefined;
  let columns: readonly string[] = [];
  return {
    size: source.size,
    async *batches(stop) {
      for await (const batch of source.batches(stop)) {
        columns = batch.columns;
        reader ??= new RowReader(path, batch, options);
        const result = reader.read(batch);
        state.rows += batch.rows.length + batch.faults.length;
        for (const { reason } of result.refused) {
          state.refused.set(reason, (state.refused.get(reason) ?? 0) + 1);
        }
        yield result;
      }
    },
    report() {
      const used = new Set(Object.values(reader?.columns ?? {}));
      return {
        file: basename(path),
        format: source.format,
        encoding: source.encoding,
        rows: state.rows,
        refused: Object.fromEntries(state.refused),
        columns: reader?.columns ?? {},
        derived: reader?.derived ?? {},
        unused: columns.filter((column) => !used.has(column)),
      };
    },
  };
}

class RowReader {
  readonly columns: ColumnMap;
  readonly derived: Partial<Record<IncidentColumn, string>> = {};
  private readonly numbers = new ContentNumbers();
  private readonly order: DateOrder;

  constructor(
    file: string,
    first: RowBatch,
    private readonly options: IncidentFileOptions,
  ) {
    const exactly: IncidentColumn[] = options.techCenter === undefined ? [] : ['tech_center'];
    this.columns = mapColumns(file, first.columns, options.map ?? {}, exactly);
    const { columns, derived } = this;
    const times = columns.sys_created_on;
    this.order = dateOrderOf(times === undefined ? [] : first.rows.map(({ values }) => values[times] ?? ''));
    if (columns.description === undefined && columns.short_description === undefined) {
      throw missingColumn(file, 'description', first.columns, 'Name one with --map description=COLUMN');
    }
    if (columns.tech_center === undefined && options.techCenter === undefined) {
      const remedy = 'Name one with --map tech_center=COLUMN, or give --tech-center NAME';
      throw missingColumn(file, 'tech_center', first.columns, remedy);
    }
    if (columns.sys_created_on === undefined && options.period === undefined) {
      const remedy = 'Name one with --map sys_created_on=COLUMN, or give --period 2026q3';
      throw missingColumn(file, 'sys_created_on', first.columns, remedy);
    }
    if (columns.number === undefined) derived.number = 'hash of the content';
    if (columns.short_description === undefined)
      derived.short_description = 'first sentence of the description';
    if (columns.description === undefined) derived.description = 'left empty';
    if (columns.sys_created_on === undefined) {
      derived.sys_created_on = `spread over ${options.period!.year}${options.period!.quarter}`;
    }
    if (columns.tech_center === undefined) derived.tech_center = `always ${options.techCenter!}`;
  }

  read(batch: RowBatch): IncidentBatch {
    const incidents = new Map<string, Incident>();
    const refused: RefusedRow[] = [...batch.faults];
    for (const row of batch.rows) {
      const result = this.incidentOf(row);
      // The last of several rows with one number wins, as it does between batches.
      if ('reason' in result) refused.push(result);
      else incidents.set(result.number, result);
    }
    return { incidents: [...incidents.values()], refused, bytesRead: batch.bytesRead };
  }

  private incidentOf(row: FileRow): Incident | RefusedRow {
    const cell = (column: IncidentColumn): string => {
      const source = this.columns[column];
      return source === undefined ? '' : (row.values[source] ?? '').trim();
    };
    const refuse = (reason: RefusalReason, detail: string): RefusedRow => ({
      row: row.row,
      reason,
      detail,
      excerpt: JSON.stringify(row.values).slice(0, 2_000),
    });
    const description = cell('description');
    const shortDescription = cell('short_description') || firstSentence(description);
    if (shortDescription === '') return refuse('TEXT_EMPTY', 'neither a short description nor a description');
    const techCenter = cell('tech_center') || (this.options.techCenter ?? '');
    if (!isKey(techCenter)) return refuse('TECH_CENTER_INVALID', keyProblem('tech_center', techCenter));
    const time = cell('sys_created_on');
    const sysCreatedOn =
      time === '' && this.options.period
        ? spreadOver(this.options.period, row.row)
        : readTicketTime(time, this.order);
    if (sysCreatedOn === undefined) {
      return refuse(
        'TIME_INVALID',
        `sys_created_on is no point in time: ${JSON.stringify(time.slice(0, 60))}`,
      );
    }
    const number =
      this.columns.number === undefined
        ? this.numbers.numberOf([shortDescription, description, techCenter, time])
        : cell('number');
    if (!isKey(number)) return refuse('NUMBER_INVALID', keyProblem('number', number));
    const resolved = cell('resolved_at');
    return {
      number,
      shortDescription,
      description,
      sysCreatedOn,
      techCenter,
      priority: cell('priority') || null,
      assignmentGroup: cell('assignment_group') || null,
      state: cell('state') || null,
      resolvedAt: (resolved && readTicketTime(resolved, this.order)) || null,
      closeNotes: cell('close_notes') || null,
    };
  }
}

function isKey(text: string): boolean {
  return text !== '' && text.length <= keyCharacters && !controlCharacter.test(text);
}

function keyProblem(column: IncidentColumn, text: string): string {
  if (text === '') return `${column} is empty`;
  return text.length > keyCharacters
    ? `${column} has ${text.length} characters, at most ${keyCharacters} are allowed`
    : `${column} holds a control character`;
}

/** @throws INPUT_INVALID when the name cannot be a tech centre. */
export function checkTechCenter(name: string): string {
  if (isKey(name.trim())) return name.trim();
  throw new QuarterdeckError('INPUT_INVALID', keyProblem('tech_center', name.trim()), {
    culprit: { option: 'tech-center' },
  });
}
