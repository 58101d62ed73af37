import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { anomalyScore } from '../../support/warehouseRows';

export function anomalyContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('anomaly scores', () => {
    const minute = (index: number): string => `2026-07-01T08:${String(index).padStart(2, '0')}:00.000000Z`;

    it('are stored once per row, model and version, the last one of them', async () => {
      const first = anomalyScore();
      const again = anomalyScore({ score: 0.25, label: 0, contributionsJson: '[{"feature":"cpu"}]' });
      const other = anomalyScore({ modelVersion: '2026/q3/r2' });
      await warehouse().mergeAnomalyScores([first, other], signal());
      await warehouse().mergeAnomalyScores([again], signal());
      await warehouse().mergeAnomalyScores([], signal());
      expect(await warehouse().anomalyScores({ limit: 10 }, signal())).toEqual([again, other]);
    });

    it('are read by instance, model, version, role and window, newest row first', async () => {
      const rows = Array.from({ length: 6 }, (_, index) =>
        anomalyScore({
          at: minute(index),
          instance: index % 2 === 0 ? 'web-1' : "it's",
          role: index < 3 ? 'champion' : 'shadow',
          model: index < 2 ? 'xgboost_anomaly' : 'catboost_anomaly',
          score: index / 7,
        }),
      );
      await warehouse().mergeAnomalyScores(rows, signal());
      const found = async (query: Partial<Parameters<Warehouse['anomalyScores']>[0]>): Promise<number[]> =>
        (await warehouse().anomalyScores({ limit: 10, ...query }, signal())).map(({ score }) =>
          Math.round(score * 7),
        );
      expect(await found({})).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await found({ instance: "it's" })).toEqual([5, 3, 1]);
      expect(await found({ model: 'xgboost_anomaly' })).toEqual([1, 0]);
      expect(await found({ modelVersion: '2026/q3/r9' })).toEqual([]);
      expect(await found({ role: 'champion', limit: 2 })).toEqual([2, 1]);
      expect(await found({ from: minute(1), to: minute(4) })).toEqual([3, 2, 1]);
    });

    it('keep every bit of a probability', async () => {
      const rows = [1 / 3, Number.MIN_VALUE, 0.1 + 0.2].map((score, index) =>
        anomalyScore({ at: minute(index), score, latencyMs: score }),
      );
      await warehouse().mergeAnomalyScores(rows, signal());
      expect(await warehouse().anomalyScores({ limit: 10 }, signal())).toEqual(rows.toReversed());
    });

    it('have no outcome while nobody has looked at their rows', async () => {
      await warehouse().mergeAnomalyScores([anomalyScore()], signal());
      const window = { from: minute(0), to: '2027-01-01T00:00:00.000000Z', limit: 10 };
      expect(await warehouse().scoreOutcomes(window, signal())).toEqual([]);
    });
  });
}
