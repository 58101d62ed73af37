import { QuarterdeckError } from '../../../contracts';
import {
  alertFieldOf,
  alertFields,
  mapAlertFields,
  normalName,
  type AlertField,
  type AlertFieldMap,
} from '../alertFields';

/** Which column of a file holds what: as the user says, as we call it, or as monitoring systems do. */

/** Without these a row says nothing that could be grouped. */
const required: readonly AlertField[] = ['alert_name', 'start_time'];

/**
 * @param map column of the file by field of ours, as the user named them; wins over every spelling.
 * @throws INPUT_INVALID for a name that is none of our fields, FILE_COLUMN_MISSING for a column that is needed or
 * named and not in the file.
 */
export function mapAlertColumns(
  file: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
): AlertFieldMap {
  const given: Partial<Record<AlertField, string>> = {};
  for (const [ours, theirs] of Object.entries(map)) {
    const source = columns.includes(theirs)
      ? theirs
      : columns.find((column) => normalName(column) === normalName(theirs));
    if (source === undefined) throw missingColumn(file, theirs, columns);
    given[fieldNamed(ours)] = source;
  }
  const result = mapAlertFields(columns, given);
  const lacking = required.find((column) => result[column] === undefined);
  if (lacking !== undefined) {
    throw missingColumn(file, lacking, columns, `Name the one that holds it with --map ${lacking}=COLUMN`);
  }
  return result;
}

/** Reads `alert_name=Title,start_time=Opened`. Throws INPUT_INVALID. */
export function parseAlertColumnMap(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    const ours = pair.slice(0, at).trim();
    const theirs = pair.slice(at + 1).trim();
    if (at < 1 || ours === '' || theirs === '') {
      throw new QuarterdeckError(
        'INPUT_INVALID',
        `--map: expected ours=theirs, found ${JSON.stringify(pair)}`,
        { culprit: { option: 'map' } },
      );
    }
    return [fieldNamed(ours), theirs];
  });
  return Object.fromEntries(pairs);
}

/** @throws INPUT_INVALID for a name that is none of our fields, nor a usual spelling of one. */
function fieldNamed(name: string): AlertField {
  const found = alertFieldOf(name);
  if (found) return found;
  throw new QuarterdeckError(
    'INPUT_INVALID',
    `--map: there is no column ${name}; the columns are ${alertFields.join(', ')}`,
    { culprit: { option: 'map', column: name } },
  );
}

function missingColumn(
  file: string,
  column: string,
  columns: readonly string[],
  remedy = '',
): QuarterdeckError {
  const shown = columns.slice(0, 60);
  return new QuarterdeckError(
    'FILE_COLUMN_MISSING',
    `${file} has no column ${column}; it has ${shown.join(', ')}${remedy === '' ? '' : `. ${remedy}`}`,
    { culprit: { file, column, columns: shown } },
  );
}
