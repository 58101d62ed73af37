import { QuarterdeckError } from '../../contracts';
import type { Settings } from '../settings/settings';
import { tables, type TableId } from './tables';

/** Name of each table inside its dataset or file; identifiers cannot be parameters, so they are checked here. */
export type TableNames = Readonly<Record<TableId, string>>;

const identifier = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
const project = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
export const ownIncidentsTable = 'incidents';

/** Throws SETTINGS_INVALID naming the setting. */
export function checkedIdentifier(name: string, setting: string): string {
  if (identifier.test(name)) return name;
  throw new QuarterdeckError('SETTINGS_INVALID', `${setting}: not an identifier: ${JSON.stringify(name)}`, {
    culprit: { setting },
  });
}

/** A BigQuery project id. Throws SETTINGS_INVALID naming the setting. */
export function checkedProject(name: string, setting: string): string {
  if (project.test(name)) return name;
  throw new QuarterdeckError('SETTINGS_INVALID', `${setting}: not a project id: ${JSON.stringify(name)}`, {
    culprit: { setting },
  });
}

export type TableSettings = Pick<Settings, 'QUARTERDECK_TABLE_PREFIX' | 'QUARTERDECK_INCIDENTS_TABLE'>;

/**
 * Our own tables carry the prefix. The incidents table is ours too while its setting has the default; any other
 * name is taken as it is.
 */
export function tableNames(settings: TableSettings): TableNames {
  const own = (id: string): string =>
    checkedIdentifier(`${settings.QUARTERDECK_TABLE_PREFIX}${id}`, 'QUARTERDECK_TABLE_PREFIX');
  const names = Object.fromEntries(tables.map(({ id }) => [id, own(id)])) as Record<TableId, string>;
  if (!ownsIncidents(settings)) {
    names.incidents = checkedIdentifier(
      settings.QUARTERDECK_INCIDENTS_TABLE.split('.').at(-1)!,
      'QUARTERDECK_INCIDENTS_TABLE',
    );
  }
  return names;
}

export function ownsIncidents(settings: TableSettings): boolean {
  return settings.QUARTERDECK_INCIDENTS_TABLE === ownIncidentsTable;
}
