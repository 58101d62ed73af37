import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../src/platform/warehouse/warehouse';
import { alertGroupContract } from './warehouse/alertGroups';
import { alertContract } from './warehouse/alerts';
import { anomalyContract } from './warehouse/anomalies';
import { featureContract } from './warehouse/features';
import { explanationContract } from './warehouse/explanations';
import { incidentContract } from './warehouse/incidents';
import { logContract } from './warehouse/logs';
import { metricContract } from './warehouse/metrics';
import { pipelineContract } from './warehouse/pipeline';
import { instanceContract } from './warehouse/instances';
import { reviewContract } from './warehouse/reviews';
import { predictionContract } from './warehouse/predictions';
import { preprocessedContract } from './warehouse/preprocessed';

export interface WarehouseUnderTest {
  readonly warehouse: Warehouse;
  /** Empties every table. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** What every engine behind `Warehouse` must do: one suite, run by the tests of each adapter. */
export function warehouseContract(engine: string, start: () => Promise<WarehouseUnderTest>): void {
  describe(`warehouse contract: ${engine}`, () => {
    let underTest: WarehouseUnderTest;
    const signal = (): AbortSignal => AbortSignal.timeout(50_000);
    const warehouse = (): Warehouse => underTest.warehouse;

    beforeAll(async () => {
      underTest = await start();
    });
    afterAll(() => underTest.stop());
    afterEach(() => underTest.clear());
    beforeEach(() => expect.hasAssertions());

    it('prepares a second time without touching what is there', async () => {
      await underTest.warehouse.prepare(signal());
      await underTest.warehouse.prepare(signal());
      expect(await underTest.warehouse.techCenters(signal())).toEqual([]);
    });

    incidentContract(warehouse, signal);
    preprocessedContract(warehouse, signal);
    predictionContract(warehouse, signal);
    pipelineContract(warehouse, signal);
    explanationContract(warehouse, signal);
    metricContract(warehouse, signal);
    logContract(warehouse, signal);
    anomalyContract(warehouse, signal);
    featureContract(warehouse, signal);
    reviewContract(warehouse, signal);
    instanceContract(warehouse, signal);
    alertGroupContract(warehouse, signal);
    alertContract(warehouse, signal);
  });
}
