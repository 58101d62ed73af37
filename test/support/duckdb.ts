import { DuckDBInstance } from '@duckdb/node-api';
import { ownTables } from './warehouse';

/** Empties the tables of a file behind the adapter's back. */
export async function emptyTables(file: string): Promise<void> {
  const instance = await DuckDBInstance.fromCache(file);
  const connection = await instance.connect();
  try {
    for (const name of Object.values(ownTables)) await connection.run(`DELETE FROM ${name}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
