import { randomUUID } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import type { Clock, Random } from '../../../contracts';
import type { Settings } from '../../settings/settings';
import { columnName, tables } from '../tables';
import type { Warehouse } from '../warehouse';
import { authentication, type AuthenticationSettings } from './authentication';
import { Connection, type ConnectionOptions } from './connection';
import { alertGroupOperations } from './alertGroups';
import { alertOperations } from './alerts';
import { anomalyOperations } from './anomalies';
import { changeOperations } from './changes';
import { maintenanceOperations } from './maintenance';
import { featureOperations } from './features';
import { incidentOperations } from './incidents';
import { explanationOperations } from './explanations';
import { logOperations } from './logs';
import { ensureTable, schemaOf, unlessThere, type MergeContext } from './merge';
import { metricOperations } from './metrics';
import { predictionOperations } from './predictions';
import { preprocessedOperations } from './preprocessed';
import { references, type ReferenceSettings } from './references';
import { instanceOperations } from './instances';
import { reviewOperations } from './reviews';
import { runOperations } from './runs';

export type BigQuerySettings = ReferenceSettings &
  AuthenticationSettings &
  Pick<Settings, 'BIGQUERY_LOCATION' | 'BIGQUERY_API_ENDPOINT'>;

type Limits = Pick<ConnectionOptions, 'attempts' | 'firstRetryMs' | 'longestRetryMs' | 'deadlineMs'>;

/** Six attempts in about half a minute: past BigQuery's usual hiccups, well inside a run's own time limit. */
const defaultLimits: Limits = {
  attempts: 6,
  firstRetryMs: 500,
  longestRetryMs: 16_000,
  deadlineMs: 300_000,
};

/**
 * A warehouse in BigQuery. Nothing is loaded or connected before the first operation.
 * Throws SETTINGS_INVALID.
 */
export function openBigQueryWarehouse(
  settings: BigQuerySettings,
  dependencies: { readonly clock: Clock; readonly random: Random; readonly limits?: Partial<Limits> },
): Warehouse {
  const places = references(settings);
  const authenticate = authentication(settings);
  const connection = new Connection({
    ...defaultLimits,
    ...dependencies.limits,
    clock: dependencies.clock,
    random: dependencies.random,
    connect: () => {
      const { BigQuery: Client } = require('@google-cloud/bigquery') as { BigQuery: typeof BigQuery };
      return new Client({
        projectId: places.project,
        location: settings.BIGQUERY_LOCATION,
        // The policy for retries is ours: one place, with jitter, a deadline and the caller's signal.
        retryOptions: { autoRetry: false, maxRetries: 0 },
        ...(settings.BIGQUERY_API_ENDPOINT !== undefined && { apiEndpoint: settings.BIGQUERY_API_ENDPOINT }),
        ...authenticate(),
      });
    },
  });
  const context: MergeContext = {
    connection,
    references: places,
    newId: () => randomUUID().replaceAll('-', ''),
  };
  return {
    prepare: (signal) => prepare(context, signal),
    ...incidentOperations(context),
    ...preprocessedOperations(context),
    ...predictionOperations(context),
    ...runOperations(context),
    ...metricOperations(context),
    ...logOperations(context),
    ...anomalyOperations(context),
    ...featureOperations(context),
    ...explanationOperations(context),
    ...reviewOperations(context),
    ...instanceOperations(context),
    ...alertGroupOperations(context),
    ...alertOperations(context),
    ...maintenanceOperations(context),
    ...changeOperations(context),
    close: () => Promise.resolve(),
  };
}

async function prepare({ connection, references: places }: MergeContext, signal: AbortSignal): Promise<void> {
  const { dataset, names, ownsIncidents } = places;
  await connection.run('creating the dataset', signal, async (client) => {
    const [exists] = await client.dataset(dataset).exists();
    if (!exists) await client.createDataset(dataset).catch(unlessThere);
  });
  for (const table of tables) {
    if (table.id === 'incidents' && !ownsIncidents) continue;
    await ensureTable(connection, 'creating tables', dataset, names[table.id], signal, {
      schema: schemaOf<never>(table),
      timePartitioning: { type: 'DAY', field: columnName(table.partitionBy) },
      clustering: { fields: table.clusterBy.map(columnName) },
    });
  }
}
