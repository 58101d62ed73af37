import { seededRandom } from '../../src/contracts';
import {
  openBigQueryWarehouse,
  type BigQuerySettings,
} from '../../src/platform/warehouse/bigquery/openBigQueryWarehouse';
import { readSettings } from '../../src/platform/settings/settings';
import type { Warehouse } from '../../src/platform/warehouse/warehouse';
import { BigQueryServer, type ServerOptions } from './bigqueryServer/server';
import { realClock } from './warehouse';

export const project = 'quarterdeck-test';
export const dataset = 'operations';

/** Settings of an app whose BigQuery is at `endpoint`. */
export function bigQuerySettings(endpoint: string, more: Record<string, string> = {}): BigQuerySettings {
  return readSettings({
    QUARTERDECK_WAREHOUSE: 'bigquery',
    BIGQUERY_PROJECT: project,
    BIGQUERY_DATASET: dataset,
    BIGQUERY_API_ENDPOINT: endpoint,
    ...more,
  });
}

/** Retries of a test wait no longer than they must. */
export const quickLimits = { firstRetryMs: 1, longestRetryMs: 5, deadlineMs: 30_000 };

/** The BigQuery adapter on a server of its own; tables are prepared. */
export async function temporaryBigQuery(
  options: Partial<ServerOptions> = {},
  settings: Record<string, string> = {},
): Promise<{ warehouse: Warehouse; server: BigQueryServer; stop: () => Promise<void> }> {
  const server = await BigQueryServer.start({ project, location: 'EU', ...options });
  const warehouse = openBigQueryWarehouse(bigQuerySettings(server.endpoint, settings), {
    clock: realClock,
    random: seededRandom(1),
    limits: quickLimits,
  });
  await warehouse.prepare(AbortSignal.timeout(30_000));
  return {
    warehouse,
    server,
    async stop() {
      await warehouse.close();
      await server.stop();
    },
  };
}
