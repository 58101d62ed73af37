import { warehouseContract } from '../../contract/warehouse';
import { emptyTables } from '../../support/duckdb';
import { temporaryDuckDb } from '../../support/warehouse';

warehouseContract('DuckDB', async () => {
  const { warehouse, file, remove } = await temporaryDuckDb();
  return { warehouse, clear: () => emptyTables(file), stop: remove };
});
