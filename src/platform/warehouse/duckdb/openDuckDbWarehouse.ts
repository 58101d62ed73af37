import { resolve } from 'node:path';
import { seededRandom, type Clock, type Random } from '../../../contracts';
import type { TableNames } from '../tableNames';
import { tables } from '../tables';
import type { Warehouse } from '../warehouse';
import { featureOperations } from './features';
import { DuckDbFile } from './file';
import { alertGroupOperations } from './alertGroups';
import { alertOperations } from './alerts';
import { anomalyOperations } from './anomalies';
import { changeOperations } from './changes';
import { maintenanceOperations } from './maintenance';
import { incidentOperations } from './incidents';
import { explanationOperations } from './explanations';
import { logOperations } from './logs';
import { createTable } from './merge';
import { metricOperations } from './metrics';
import { predictionOperations } from './predictions';
import { preprocessedOperations } from './preprocessed';
import { instanceOperations } from './instances';
import { reviewOperations } from './reviews';
import { runOperations } from './runs';

export interface DuckDbWarehouseOptions {
  readonly file: string;
  readonly tables: TableNames;
  readonly clock: Clock;
  /** Spreads the retries of processes that wait for the same file. */
  readonly random?: Random;
  readonly idleMs?: number;
  readonly busyDeadlineMs?: number;
  readonly memoryLimit?: string;
}

/** Long enough to keep the file open inside a run, short enough that another terminal hardly waits. */
const defaultIdleMs = 500;
const defaultBusyDeadlineMs = 30_000;
/** DuckDB would take 80 % of the machine; the models need the room, and it spills to disk above this. */
const defaultMemoryLimit = '1GiB';

/** A warehouse in one DuckDB file. Nothing is loaded or opened before the first operation. */
export function openDuckDbWarehouse(options: DuckDbWarehouseOptions): Warehouse {
  const { tables: names } = options;
  const database = new DuckDbFile({
    file: resolve(options.file),
    clock: options.clock,
    random: options.random ?? seededRandom(process.pid),
    idleMs: options.idleMs ?? defaultIdleMs,
    busyDeadlineMs: options.busyDeadlineMs ?? defaultBusyDeadlineMs,
    memoryLimit: options.memoryLimit ?? defaultMemoryLimit,
  });
  return {
    async prepare(signal) {
      await database.write('creating tables', signal, async ({ connection }) => {
        for (const table of tables) {
          await connection.run(createTable<never>(table, names[table.id]));
        }
      });
    },
    ...incidentOperations(database, names),
    ...preprocessedOperations(database, names),
    ...predictionOperations(database, names),
    ...runOperations(database, names),
    ...metricOperations(database, names),
    ...logOperations(database, names),
    ...anomalyOperations(database, names),
    ...featureOperations(database, names),
    ...explanationOperations(database, names),
    ...reviewOperations(database, names),
    ...instanceOperations(database, names),
    ...alertGroupOperations(database, names),
    ...alertOperations(database, names),
    ...maintenanceOperations(database, names),
    ...changeOperations(database, names),
    close: () => database.close(),
  };
}
