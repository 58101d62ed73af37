import { QuarterdeckError } from '../../../contracts';
import {
  checkedIdentifier,
  checkedProject,
  ownsIncidents,
  tableNames,
  type TableNames,
  type TableSettings,
} from '../tableNames';
import type { TableId } from '../tables';
import type { Settings } from '../../settings/settings';

/** Where our tables are, each with the quoted name that statements use. */
export interface References {
  readonly project: string;
  readonly dataset: string;
  /** Table ids inside the dataset; that of the incidents table may lie elsewhere. */
  readonly names: TableNames;
  /** `project.dataset.table` in backticks. */
  readonly quoted: Readonly<Record<TableId, string>>;
  /** False when the incidents come from somebody else's table, which is then only read. */
  readonly ownsIncidents: boolean;
}

export type ReferenceSettings = TableSettings & Pick<Settings, 'BIGQUERY_PROJECT' | 'BIGQUERY_DATASET'>;

/** Throws SETTINGS_INVALID naming the setting. Identifiers cannot be query parameters, so every one is checked. */
export function references(settings: ReferenceSettings): References {
  if (settings.BIGQUERY_PROJECT === undefined) {
    throw new QuarterdeckError(
      'SETTINGS_INVALID',
      'BIGQUERY_PROJECT: needed for QUARTERDECK_WAREHOUSE=bigquery',
      {
        culprit: { setting: 'BIGQUERY_PROJECT' },
      },
    );
  }
  const project = checkedProject(settings.BIGQUERY_PROJECT, 'BIGQUERY_PROJECT');
  const dataset = checkedIdentifier(settings.BIGQUERY_DATASET, 'BIGQUERY_DATASET');
  const names = tableNames(settings);
  const quoted = Object.fromEntries(
    Object.entries(names).map(([id, name]) => [id, `\`${project}.${dataset}.${name}\``]),
  ) as Record<TableId, string>;
  if (!ownsIncidents(settings)) quoted.incidents = foreignIncidents(settings, project, dataset);
  return { project, dataset, names, quoted, ownsIncidents: ownsIncidents(settings) };
}

/** `table`, `dataset.table` or `project.dataset.table`. */
function foreignIncidents(settings: ReferenceSettings, project: string, dataset: string): string {
  const setting = 'QUARTERDECK_INCIDENTS_TABLE';
  const parts = settings.QUARTERDECK_INCIDENTS_TABLE.split('.');
  const [table, inDataset = dataset, inProject = project, ...more] = parts.reverse();
  if (more.length > 0) checkedIdentifier(settings.QUARTERDECK_INCIDENTS_TABLE, setting);
  return `\`${checkedProject(inProject, setting)}.${checkedIdentifier(inDataset, setting)}.${checkedIdentifier(table!, setting)}\``;
}
