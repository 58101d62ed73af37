import { warehouseContract } from '../../contract/warehouse';
import { temporaryBigQuery } from '../../support/bigquery';

warehouseContract('BigQuery', async () => {
  const { warehouse, server, stop } = await temporaryBigQuery();
  return { warehouse, clear: () => server.engine.clear(), stop };
});
