import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { QuarterdeckError } from '../../../contracts';
import { matrixFromRows, type Matrix } from '../../../learn/matrix';

/** Machines of the AI4I 2020 data set: what was measured of each, and whether it failed. */
export interface MachineTable {
  /** Type (0 low, 1 medium, 2 high quality) and the five measurements. */
  readonly measured: Matrix;
  /** The same, and what a technician reckons from them: difference of temperatures, power, strain. */
  readonly derived: Matrix;
  readonly failed: Uint8Array;
}

const measurements = [
  'Air temperature [K]',
  'Process temperature [K]',
  'Rotational speed [rpm]',
  'Torque [Nm]',
  'Tool wear [min]',
] as const;
const types = ['L', 'M', 'H'];
const outcome = 'Machine failure';

/**
 * Reads the CSV file. Identifiers and the columns of the five failure modes, which give the outcome away, are not
 * looked at.
 * @throws NOT_FOUND, FILE_MALFORMED naming row and column, FILE_COLUMN_MISSING, DATA_EMPTY.
 */
export function readMachineTable(file: string): MachineTable {
  const records = readRecords(file);
  const [first] = records;
  if (!first) throw new QuarterdeckError('DATA_EMPTY', `${file} has no rows`, { culprit: { file } });
  const missing = ['Type', ...measurements, outcome].filter((name) => !(name in first));
  if (missing.length > 0) {
    throw new QuarterdeckError(
      'FILE_COLUMN_MISSING',
      `${file} has no column ${missing.join(', ')}; it has ${Object.keys(first).join(', ')}`,
      { culprit: { file, column: missing[0]! } },
    );
  }
  const measured = records.map((record, row) => [
    types.indexOf(cell(file, record, row, 'Type', (text) => types.includes(text))),
    ...measurements.map((name) => Number(cell(file, record, row, name, isNumber))),
  ]);
  return {
    measured: matrixFromRows(measured),
    derived: matrixFromRows(
      measured.map((row) => {
        const [, air, process, speed, torque, wear] = row as [number, number, number, number, number, number];
        return [...row, process - air, speed * torque, torque * wear];
      }),
    ),
    failed: Uint8Array.from(records, (record, row) =>
      Number(cell(file, record, row, outcome, (text) => text === '0' || text === '1')),
    ),
  };
}

type MachineRecord = Readonly<Record<string, string>>;

function readRecords(file: string): MachineRecord[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new QuarterdeckError('NOT_FOUND', `${file} cannot be read`, { culprit: { file }, cause: error });
  }
  try {
    return parse(bytes, { bom: true, columns: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new QuarterdeckError('FILE_MALFORMED', `${file}: ${detail}`, { culprit: { file }, cause: error });
  }
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

function cell(
  file: string,
  record: MachineRecord,
  row: number,
  column: string,
  holds: (text: string) => boolean,
): string {
  const text = record[column]!;
  if (holds(text)) return text;
  throw new QuarterdeckError(
    'FILE_MALFORMED',
    `${file}, row ${row}, column ${column}: ${JSON.stringify(text.slice(0, 40))} is not one of its values`,
    { culprit: { file, row, column } },
  );
}
