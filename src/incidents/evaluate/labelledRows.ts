import { QuarterdeckError } from '../../contracts';
import { missingColumn } from '../import/columns';
import { readRows } from '../../platform/rowFiles/readRows';

/**
 * The named columns of every row of a file (CSV, NDJSON or Parquet, also as gzip).
 * @throws FILE_COLUMN_MISSING naming a column that the file lacks; NOT_FOUND, DATA_EMPTY, FILE_ENCODING_UNKNOWN;
 * FILE_MALFORMED also for one row that cannot be read, since a figure over part of a file would pass for one over
 * all of it.
 */
export async function readColumns<Name extends string>(
  path: string,
  columns: Readonly<Record<Name, string>>,
  signal?: AbortSignal,
): Promise<Record<Name, string>[]> {
  const names = Object.keys(columns) as Name[];
  const result: Record<Name, string>[] = [];
  for await (const batch of readRows(path, signal)) {
    for (const name of names) {
      const column = columns[name];
      if (batch.columns.includes(column)) continue;
      throw missingColumn(path, column, batch.columns);
    }
    const [fault] = batch.faults;
    if (fault) {
      throw new QuarterdeckError('FILE_MALFORMED', `${path}, row ${fault.row}: ${fault.detail}`, {
        culprit: { row: fault.row },
      });
    }
    for (const { values } of batch.rows) {
      result.push(
        Object.fromEntries(names.map((name) => [name, values[columns[name]] ?? ''])) as Record<Name, string>,
      );
    }
  }
  return result;
}
