import { QuarterdeckError } from '../../../contracts';

/** Which column of a file holds what: as told, as ours, or as monitoring systems spell it. */

export const alertColumns = [
  'alert_id',
  'alert_name',
  'service',
  'resource',
  'severity',
  'status',
  'start_time',
  'end_time',
  'description',
  'labels',
  'source',
  'fingerprint',
] as const;
export type AlertColumn = (typeof alertColumns)[number];

/** Column of the file by column of ours; what is absent has none. */
export type AlertColumnMap = Readonly<Partial<Record<AlertColumn, string>>>;

/** Without these a row says nothing that could be grouped. */
const required: readonly AlertColumn[] = ['alert_name', 'start_time'];

/** Other spellings, compared without case, blanks and signs. The first one that the file has is taken. */
const spellings: Readonly<Record<AlertColumn, readonly string[]>> = {
  alert_id: ['id', 'alert key', 'event id', 'incident id', 'uuid'],
  alert_name: [
    'name',
    'alertname',
    'alert',
    'rule',
    'rule name',
    'alert rule',
    'title',
    'check',
    'alarm name',
  ],
  service: ['service name', 'app', 'application', 'component', 'job'],
  resource: ['resource name', 'instance', 'host', 'hostname', 'node', 'pod', 'server', 'entity', 'object'],
  severity: ['priority', 'level', 'criticality', 'urgency'],
  status: ['state', 'alert status', 'alert state'],
  start_time: [
    'starts at',
    'start',
    'started at',
    'fired at',
    'triggered at',
    'opened at',
    'created at',
    'timestamp',
    'time',
    'date',
    'occurred at',
    'event time',
    'fired date time',
  ],
  end_time: [
    'ends at',
    'end',
    'ended at',
    'resolved at',
    'closed at',
    'cleared at',
    'resolved',
    'resolved date time',
  ],
  description: ['summary', 'message', 'details', 'text', 'body', 'annotations'],
  labels: ['tags', 'label', 'dimensions', 'attributes'],
  source: ['monitoring system', 'tool', 'provider', 'origin'],
  fingerprint: ['dedup key', 'deduplication key', 'alert fingerprint', 'aggregation key'],
};

/**
 * @param map column of the file by column of ours, as the user named them; wins over every spelling.
 * @throws INPUT_INVALID for a name that is none of our columns, FILE_COLUMN_MISSING for one that is needed or named
 * and not in the file.
 */
export function mapAlertColumns(
  file: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
): AlertColumnMap {
  const result: Partial<Record<AlertColumn, string>> = {};
  for (const [ours, theirs] of Object.entries(map)) {
    const source = columns.includes(theirs)
      ? theirs
      : columns.find((column) => normal(column) === normal(theirs));
    if (source === undefined) throw missingColumn(file, theirs, columns);
    result[alertColumn(ours)] = source;
  }
  const taken = new Set(Object.values(result));
  for (const ours of alertColumns) {
    if (result[ours] !== undefined) continue;
    for (const spelling of [ours, ...spellings[ours]]) {
      const source = columns.find((column) => !taken.has(column) && normal(column) === normal(spelling));
      if (source === undefined) continue;
      result[ours] = source;
      taken.add(source);
      break;
    }
  }
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
    return [alertColumn(ours), theirs];
  });
  return Object.fromEntries(pairs);
}

/** @throws INPUT_INVALID for a name that is none of our columns, nor a usual spelling of one. */
function alertColumn(name: string): AlertColumn {
  const found =
    alertColumns.find((column) => normal(column) === normal(name)) ??
    alertColumns.find((column) => spellings[column].some((spelling) => normal(spelling) === normal(name)));
  if (found) return found;
  throw new QuarterdeckError(
    'INPUT_INVALID',
    `--map: there is no column ${name}; the columns are ${alertColumns.join(', ')}`,
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

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
