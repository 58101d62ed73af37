import { setTimeout as sleep } from 'node:timers/promises';
import { openDuckDbWarehouse } from '../../src/platform/warehouse/duckdb/openDuckDbWarehouse';
import { ownTables, realClock } from './warehouse';
import { incidentRow, ticketNumber } from './warehouseRows';

/**
 * Another process on the same file. Commands: `write-forever PREFIX ROWS` prints the number of each batch once
 * it is stored; `write-once PREFIX` stores one ticket; `hold` opens the file with DuckDB itself and keeps it.
 */
async function main([file, command, prefix = '', rows = '1']: string[]): Promise<void> {
  if (command === 'hold') {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    await DuckDBInstance.create(file);
    process.stdout.write('held\n');
    await sleep(600_000);
    return;
  }
  const warehouse = openDuckDbWarehouse({ file: file!, tables: ownTables, clock: realClock });
  const batch = (index: number) =>
    Array.from({ length: Number(rows) }, (_, row) =>
      incidentRow({ number: `${prefix}-${ticketNumber(index)}-${row}`, state: `batch ${index}` }),
    );
  const last = command === 'write-once' ? 0 : Infinity;
  for (let index = 0; index <= last; index++) {
    await warehouse.mergeIncidents(batch(index), AbortSignal.timeout(60_000));
    process.stdout.write(`${index}\n`);
  }
  await warehouse.close();
}

void main(process.argv.slice(2));
