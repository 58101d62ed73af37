import { QuarterdeckError } from '../../contracts';

/** Which column of a file holds what, found by name: as told, as ours, or as ServiceNow, Jira and others spell it. */

export const incidentColumns = [
  'number',
  'short_description',
  'description',
  'sys_created_on',
  'tech_center',
  'priority',
  'assignment_group',
  'state',
  'resolved_at',
  'close_notes',
] as const;
export type IncidentColumn = (typeof incidentColumns)[number];

/** Column of the file by column of ours; what is absent has none. */
export type ColumnMap = Readonly<Partial<Record<IncidentColumn, string>>>;

/** Other spellings, compared without case, blanks and signs. The first one that the file has is taken. */
const spellings: Readonly<Record<IncidentColumn, readonly string[]>> = {
  number: [
    'incident number',
    'incident id',
    'ticket number',
    'ticket id',
    'issue key',
    'case number',
    'key',
    'id',
  ],
  short_description: ['title', 'summary', 'subject', 'short desc', 'brief description', 'ticket title'],
  description: [
    'details',
    'detailed description',
    'long description',
    'text',
    'body',
    'content',
    'message',
    'notes',
  ],
  sys_created_on: [
    'created',
    'created at',
    'created on',
    'created date',
    'opened at',
    'opened',
    'opened on',
    'open date',
    'date opened',
    'submit date',
    'reported on',
    'timestamp',
    'date',
  ],
  tech_center: [
    'tech centre',
    'technology center',
    'technical center',
    'support center',
    'component',
    'components',
    'service line',
    'team',
    'category',
    'topic',
  ],
  priority: ['prio', 'severity'],
  assignment_group: ['assigned group', 'assigned to group', 'support group', 'resolver group', 'queue'],
  state: ['status', 'incident state'],
  resolved_at: [
    'resolved',
    'resolved on',
    'resolution date',
    'closed at',
    'closed on',
    'close date',
    'closed',
  ],
  close_notes: ['resolution', 'resolution notes', 'solution', 'closure notes', 'close note'],
};

/**
 * @param map column of the file by column of ours, as the user named them; wins over every spelling.
 * @param exactly columns that are found under their own name only, because the user said what to take otherwise.
 * @throws INPUT_INVALID for a name that is none of our columns, FILE_COLUMN_MISSING for one that is not in the file.
 */
export function mapColumns(
  file: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
  exactly: readonly IncidentColumn[] = [],
): ColumnMap {
  const result: Partial<Record<IncidentColumn, string>> = {};
  for (const [ours, theirs] of Object.entries(map)) {
    const target = ourColumn(ours);
    const source = columns.includes(theirs)
      ? theirs
      : columns.find((column) => normal(column) === normal(theirs));
    if (source === undefined) throw missingColumn(file, theirs, columns);
    result[target] = source;
  }
  const taken = new Set(Object.values(result));
  for (const ours of incidentColumns) {
    if (result[ours] !== undefined) continue;
    for (const spelling of exactly.includes(ours) ? [ours] : [ours, ...spellings[ours]]) {
      const source = columns.find((column) => !taken.has(column) && normal(column) === normal(spelling));
      if (source === undefined) continue;
      result[ours] = source;
      taken.add(source);
      break;
    }
  }
  return result;
}

export function missingColumn(
  file: string,
  column: string,
  columns: readonly string[],
  remedy = '',
): QuarterdeckError {
  return new QuarterdeckError(
    'FILE_COLUMN_MISSING',
    `${file} has no column ${column}; it has ${columns.join(', ')}${remedy === '' ? '' : `. ${remedy}`}`,
    { culprit: { file, column, columns: [...columns] } },
  );
}

/** Reads `short_description=Title,tech_center=Team`. Throws INPUT_INVALID. */
export function parseColumnMap(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    const ours = pair.slice(0, at).trim();
    const theirs = pair.slice(at + 1).trim();
    if (at < 1 || ours === '' || theirs === '') {
      throw new QuarterdeckError(
        'INPUT_INVALID',
        `--map: expected ours=theirs, found ${JSON.stringify(pair)}`,
        {
          culprit: { option: 'map' },
        },
      );
    }
    return [ourColumn(ours), theirs];
  });
  return Object.fromEntries(pairs);
}

/** @throws INPUT_INVALID for a name that is none of our columns. */
function ourColumn(name: string): IncidentColumn {
  const found = incidentColumns.find((column) => normal(column) === normal(name));
  if (found) return found;
  throw new QuarterdeckError(
    'INPUT_INVALID',
    `--map: there is no column ${name}; the columns are ${incidentColumns.join(', ')}`,
    { culprit: { option: 'map', column: name } },
  );
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
