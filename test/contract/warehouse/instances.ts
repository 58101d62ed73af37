import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { anomalyScore, reviewItemRow, reviewRow } from '../../support/warehouseRows';

export function instanceContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('scored instances', () => {
    const minute = (index: number): string => `2026-07-01T08:${String(index).padStart(2, '0')}:00.000000Z`;
    const list = (from: string, limit = 10) => warehouse().scoredInstances({ from, limit }, signal());

    it('show the newest score, and count rows and alarms of the window once for all models', async () => {
      await warehouse().mergeAnomalyScores(
        [
          anomalyScore({ at: minute(0), label: 1 }),
          anomalyScore({ at: minute(1), label: 1 }),
          anomalyScore({ at: minute(1), label: 1, model: 'catboost_anomaly', role: 'named' }),
          anomalyScore({ at: minute(2), label: 0, score: 0.25 }),
          anomalyScore({ at: minute(3), label: 1, model: 'catboost_anomaly', role: 'shadow' }),
          anomalyScore({ instance: "it's", at: minute(0), label: 0, score: 0.125 }),
        ],
        signal(),
      );
      expect(await list(minute(1))).toEqual([
        {
          instance: 'web-1',
          lastAt: minute(2),
          model: 'xgboost_anomaly',
          modelVersion: '2026/q3/r1',
          score: 0.25,
          label: 0,
          threshold: 0.5,
          rows: 2,
          alarms: 1,
          openReviews: 0,
        },
      ]);
      expect((await list(minute(0))).map(({ instance, alarms }) => [instance, alarms])).toEqual([
        ['web-1', 2],
        ["it's", 0],
      ]);
      expect(await list(minute(0), 1)).toHaveLength(1);
    });

    it('are there for their open reviews alone, until a verdict stands', async () => {
      await warehouse().mergeReviewItems(
        ['a', 'b'].map((itemId) => reviewItemRow({ itemId, instance: 'db-1' })),
        signal(),
      );
      const waiting = { instance: 'db-1', lastAt: null, model: null, score: null, rows: 0, alarms: 0 };
      expect(await list(minute(0))).toMatchObject([{ ...waiting, openReviews: 2 }]);
      await warehouse().mergeReviews([reviewRow({ reviewId: 'r1', itemId: 'a' })], signal());
      expect(await list(minute(0))).toMatchObject([{ ...waiting, openReviews: 1 }]);
      await warehouse().mergeReviews(
        [reviewRow({ reviewId: 'r2', itemId: 'a', verdict: null, undoes: 'r1' })],
        signal(),
      );
      expect(await list(minute(0))).toMatchObject([{ ...waiting, openReviews: 2 }]);
    });
  });
}
