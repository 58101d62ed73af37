import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, type Clock } from '../../src/contracts';
import {
  openDuckDbWarehouse,
  type DuckDbWarehouseOptions,
} from '../../src/platform/warehouse/duckdb/openDuckDbWarehouse';
import { tableNames } from '../../src/platform/warehouse/tableNames';
import type { Warehouse } from '../../src/platform/warehouse/warehouse';

export const ownTables = tableNames({
  QUARTERDECK_TABLE_PREFIX: '',
  QUARTERDECK_INCIDENTS_TABLE: 'incidents',
});

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

/** A warehouse with its tables, in a DuckDB file of its own that `remove` closes and deletes. */
export async function temporaryDuckDb(
  options: Partial<DuckDbWarehouseOptions> = {},
): Promise<{ warehouse: Warehouse; file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-warehouse-'));
  const file = join(folder, 'warehouse.duckdb');
  const warehouse = openDuckDbWarehouse({
    file,
    tables: ownTables,
    clock: realClock,
    random: seededRandom(1),
    ...options,
  });
  await warehouse.prepare(AbortSignal.timeout(60_000));
  return {
    warehouse,
    file,
    async remove() {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
