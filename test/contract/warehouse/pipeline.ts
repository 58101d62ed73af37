import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import {
  incidentRow,
  predictionRow,
  preprocessedRow,
  quarantinedRow,
  runRow,
  ticketNumber,
} from '../../support/warehouseRows';

export function pipelineContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('quarantined rows', () => {
    it('are kept once per source and key, newest first', async () => {
      const older = quarantinedRow({ key: 'a' });
      const newer = quarantinedRow({ key: 'b', at: '2026-07-02T00:00:00.000000Z' });
      const imported = quarantinedRow({ key: 'a', source: 'import', at: '2026-07-03T00:00:00.000000Z' });
      await warehouse().mergeQuarantined([older, newer], signal());
      await warehouse().mergeQuarantined([imported, newer], signal());
      expect(await warehouse().quarantined({ limit: 10 }, signal())).toEqual([imported, newer, older]);
      expect(await warehouse().quarantined({ source: 'preprocess', limit: 1 }, signal())).toEqual([newer]);
      expect(await warehouse().quarantined({ key: 'a', limit: 10 }, signal())).toEqual([imported, older]);
      expect(await warehouse().quarantined({ source: 'preprocess', key: 'a', limit: 1 }, signal())).toEqual([
        older,
      ]);
      expect(await warehouse().quarantined({ source: 'import', key: 'b', limit: 1 }, signal())).toEqual([]);
      expect(await warehouse().countQuarantined({}, signal())).toBe(3);
      expect(await warehouse().countQuarantined({ source: 'import' }, signal())).toBe(1);
    });
  });

  describe('runs', () => {
    it('are recorded with their counts, and again with their end', async () => {
      const run = runRow({ counts: { read: 9_007_199_254_740_991, share: 0.25 } });
      const failed = {
        ...run,
        status: 'failed' as const,
        errorCode: 'WAREHOUSE_BUSY',
        detail: 'gave up',
        counts: {},
      };
      await warehouse().recordRun(run, signal());
      expect(await warehouse().runs({ limit: 10 }, signal())).toEqual([run]);
      await warehouse().recordRun(failed, signal());
      expect(await warehouse().runs({ limit: 10 }, signal())).toEqual([failed]);
    });

    it('carry any text of a failure through unchanged', async () => {
      const run = runRow({
        detail: `'; DROP -- \u0000 {{projectId}} @run_id \`x\` é𝄞`,
        scope: '{{projectId}}',
      });
      await warehouse().recordRun(run, signal());
      expect(await warehouse().runs({ scope: '{{projectId}}', limit: 1 }, signal())).toEqual([run]);
    });

    it('are listed newest first, by pipeline and scope', async () => {
      const rows = [1, 2, 3].map((day) =>
        runRow({
          runId: `run-${day}`,
          startedAt: `2026-07-0${day}T00:00:00.000000Z`,
          pipeline: day === 2 ? 'train' : 'predict',
          scope: day === 3 ? 'all' : 'Service Desk',
        }),
      );
      for (const row of rows) await warehouse().recordRun(row, signal());
      const ids = async (
        query: Omit<Parameters<Warehouse['runs']>[0], 'limit'>,
        limit = 10,
      ): Promise<string[]> => (await warehouse().runs({ ...query, limit }, signal())).map((run) => run.runId);
      expect(await ids({})).toEqual(['run-3', 'run-2', 'run-1']);
      expect(await ids({}, 1)).toEqual(['run-3']);
      expect(await ids({ pipeline: 'predict' })).toEqual(['run-3', 'run-1']);
      expect(await ids({ pipeline: 'predict', scope: 'all' })).toEqual(['run-3']);
    });
  });

  describe('centre counts', () => {
    it('count source, preprocessed and predicted tickets, a ticket once whatever its versions', async () => {
      await warehouse().mergeIncidents(
        [1, 2, 3].map((index) => incidentRow({ number: ticketNumber(index) })),
        signal(),
      );
      await warehouse().mergeIncidents([incidentRow({ number: 'X', techCenter: 'Data' })], signal());
      await warehouse().mergePreprocessed(
        [1, 2].map((index) => preprocessedRow({ number: ticketNumber(index) })),
        signal(),
      );
      await warehouse().mergePredictions(
        [predictionRow(), predictionRow({ modelVersion: '2026/q3/r2' })],
        signal(),
      );
      expect(await warehouse().centerCounts(signal())).toEqual([
        { techCenter: 'Data', incidents: 1, preprocessed: 0, predicted: 0 },
        { techCenter: 'Service Desk', incidents: 3, preprocessed: 2, predicted: 1 },
      ]);
    });
  });

  describe('an aborted signal', () => {
    it('stops reads and writes before anything is stored', async () => {
      const stopped = AbortSignal.abort();
      await expect(warehouse().mergeIncidents([incidentRow()], stopped)).rejects.toMatchObject({
        code: 'ABORTED',
      });
      await expect(warehouse().incident('INC0000001', stopped)).rejects.toMatchObject({ code: 'ABORTED' });
      expect(await warehouse().incident('INC0000001', signal())).toBeUndefined();
    });

    it('stores all of a batch or none when it comes in the middle', async () => {
      const rows = Array.from({ length: 3_000 }, (_, index) => incidentRow({ number: ticketNumber(index) }));
      const controller = new AbortController();
      const merging = warehouse().mergeIncidents(rows, controller.signal);
      setImmediate(() => controller.abort());
      const outcome = await merging.then(
        () => 'stored',
        (error: unknown) => (error as { code: string }).code,
      );
      const stored = await warehouse().incidentsBetween({ limit: 10_000 }, signal());
      expect({ outcome, stored: stored.length }).toEqual(
        outcome === 'stored' ? { outcome, stored: rows.length } : { outcome: 'ABORTED', stored: 0 },
      );
    });
  });
}
