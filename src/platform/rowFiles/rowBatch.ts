/** One row of a user's file: every cell as text, by column name. */
export interface FileRow {
  /** Number of the row in the file, the first below the header being 1. */
  readonly row: number;
  readonly values: Readonly<Record<string, string>>;
}

/** A row that cannot be used, and why; the rows around it can. */
export interface RowFault {
  readonly row: number;
  readonly reason: 'FILE_ROW_MALFORMED' | 'INPUT_TOO_LARGE';
  readonly detail: string;
  /** The start of the row as text, for whoever looks into it. */
  readonly excerpt: string;
}

export interface RowBatch {
  /** Names of the file's columns, in its order. */
  readonly columns: readonly string[];
  readonly rows: readonly FileRow[];
  readonly faults: readonly RowFault[];
  /** Bytes of the file read so far, as stored. */
  readonly bytesRead: number;
}

/** Rows per batch: large enough to amortise a MERGE, small enough that rows of 50 KiB stay under 100 MiB. */
export const batchRows = 2_000;

/** Characters in one batch after which it is handed on, however few rows it has. */
const batchCharacters = 16 * 1024 * 1024;

/**
 * Characters in one cell. A ticket's text is a few KiB, with a long mail thread some hundred; a cell of megabytes
 * is an attachment or a quote that was never closed.
 */
export const cellCharacters = 1024 * 1024;

const excerptCharacters = 2_000;

export function excerpt(text: string): string {
  return text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text;
}

/** Collects rows and faults of known columns into batches. */
export class BatchBuilder {
  private rows: FileRow[] = [];
  private faults: RowFault[] = [];
  private characters = 0;
  /** Number of the row last taken. */
  row = 0;

  constructor(private readonly columns: readonly string[]) {}

  /** Takes the next row's cells, or sets it aside when one of them is too long. */
  add(cells: readonly string[]): void {
    this.row++;
    const values: Record<string, string> = Object.create(null) as Record<string, string>;
    for (let index = 0; index < this.columns.length; index++) {
      const cell = cells[index] ?? '';
      if (cell.length > cellCharacters) {
        this.set({
          reason: 'INPUT_TOO_LARGE',
          detail: `column ${this.columns[index]}: a cell of ${cell.length} characters, at most ${cellCharacters} are read`,
          excerpt: excerpt(cell),
        });
        return;
      }
      values[this.columns[index]!] = cell;
      this.characters += cell.length;
    }
    this.rows.push({ row: this.row, values });
  }

  /** Counts the next row as one that cannot be used. */
  refuse(fault: Omit<RowFault, 'row'>): void {
    this.row++;
    this.set(fault);
  }

  get full(): boolean {
    return this.rows.length + this.faults.length >= batchRows || this.characters >= batchCharacters;
  }

  get empty(): boolean {
    return this.rows.length + this.faults.length === 0;
  }

  take(bytesRead: number): RowBatch {
    const batch = { columns: this.columns, rows: this.rows, faults: this.faults, bytesRead };
    this.rows = [];
    this.faults = [];
    this.characters = 0;
    return batch;
  }

  private set(fault: Omit<RowFault, 'row'>): void {
    this.faults.push({ row: this.row, ...fault });
    this.characters += fault.excerpt.length;
  }
}
