import { join } from 'node:path';
import type { Clock, Random } from '../../contracts';
import type { Settings } from '../settings/settings';
import { openBigQueryWarehouse } from './bigquery/openBigQueryWarehouse';
import { openDuckDbWarehouse } from './duckdb/openDuckDbWarehouse';
import { tableNames } from './tableNames';
import type { Warehouse } from './warehouse';

/**
 * The warehouse that the settings choose. Nothing is loaded or connected before its first operation.
 * Throws SETTINGS_INVALID.
 */
export function openWarehouse(
  settings: Settings,
  dependencies: { readonly clock: Clock; readonly random: Random },
): Warehouse {
  if (settings.QUARTERDECK_WAREHOUSE === 'bigquery') return openBigQueryWarehouse(settings, dependencies);
  return openDuckDbWarehouse({
    file: settings.QUARTERDECK_DUCKDB_FILE ?? join(settings.QUARTERDECK_DATA_DIR, 'warehouse.duckdb'),
    tables: tableNames(settings),
    memoryLimit: settings.QUARTERDECK_DUCKDB_MEMORY,
    ...dependencies,
  });
}
