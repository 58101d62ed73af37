import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { predictionRow, ticketNumber } from '../../support/warehouseRows';

export function predictionContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('predictions', () => {
    it('of one ticket come newest first, one per version', async () => {
      const first = predictionRow();
      const second = predictionRow({
        modelVersion: '2026/q3/r2',
        predictedAt: '2026-07-03T00:00:00.000000Z',
      });
      const corrected = { ...first, predictedCluster: -1, confidenceScore: 0 };
      await warehouse().mergePredictions([first, second], signal());
      await warehouse().mergePredictions([corrected], signal());
      await warehouse().mergePredictions([predictionRow({ number: 'INC0000002' })], signal());
      expect(await warehouse().predictionsOf(first.number, signal())).toEqual([second, corrected]);
      expect(await warehouse().predictionsOf('unknown', signal())).toEqual([]);
    });

    it('of many tickets are the newest of each, by number', async () => {
      const [old, equal, foreign] = ['INC0000002', "it's", 'INC0000009'].map((number) =>
        predictionRow({ number }),
      );
      const newer = { ...old!, modelVersion: '2026/q2/r7', predictedAt: '2026-07-03T00:00:00.000001Z' };
      const higher = { ...equal!, modelVersion: '2026/q3/r2' };
      await warehouse().mergePredictions([old!, newer, equal!, higher, foreign!], signal());
      const wanted = ["it's", 'never predicted', 'INC0000002', "it's"];
      expect(await warehouse().latestPredictions(wanted, signal())).toEqual([newer, higher]);
      expect(await warehouse().latestPredictions(['never predicted'], signal())).toEqual([]);
      expect(await warehouse().latestPredictions([], signal())).toEqual([]);
      for (const { number } of [newer, higher, foreign!]) {
        const [newest] = await warehouse().predictionsOf(number, signal());
        expect(await warehouse().latestPredictions([number], signal())).toEqual([newest]);
      }
    });

    it('keep every bit of the score', async () => {
      const rows = [1 / 3, 0.1 + 0.2, Number.MIN_VALUE, 1].map((confidenceScore, index) =>
        predictionRow({ number: ticketNumber(index), confidenceScore }),
      );
      await warehouse().mergePredictions(rows, signal());
      expect(
        await warehouse().predictionsBetween({ modelVersion: '2026/q3/r1', limit: 10 }, signal()),
      ).toEqual(rows);
    });

    it('are read by version, cluster and window, page by page', async () => {
      const rows = Array.from({ length: 6 }, (_, index) =>
        predictionRow({
          number: ticketNumber(index),
          predictedCluster: index % 2 === 0 ? 4 : -1,
          sysCreatedOn: `2026-07-0${1 + Math.floor(index / 3)}T00:00:00.000000Z`,
        }),
      );
      await warehouse().mergePredictions(rows, signal());
      await warehouse().mergePredictions([predictionRow({ modelVersion: '2026/q2/r1' })], signal());
      const numbers = async (
        query: Partial<Parameters<Warehouse['predictionsBetween']>[0]>,
      ): Promise<string[]> =>
        (
          await warehouse().predictionsBetween({ modelVersion: '2026/q3/r1', limit: 10, ...query }, signal())
        ).map((row) => row.number);
      expect(await numbers({})).toEqual(rows.map((row) => row.number));
      expect(await numbers({ cluster: -1 })).toEqual([1, 3, 5].map(ticketNumber));
      expect(await numbers({ cluster: 4, from: '2026-07-02T00:00:00.000000Z' })).toEqual([ticketNumber(4)]);
      expect(await numbers({ to: '2026-07-02T00:00:00.000000Z', limit: 2 })).toEqual(
        [0, 1].map(ticketNumber),
      );
      expect(await numbers({ after: rows[3]! })).toEqual([4, 5].map(ticketNumber));
      expect(await numbers({ techCenter: 'Other' })).toEqual([]);
    });

    it('are counted per cluster and week, which begins on Monday 00:00 UTC', async () => {
      const at = (number: string, sysCreatedOn: string, predictedCluster = 4) =>
        predictionRow({ number, sysCreatedOn, predictedCluster });
      await warehouse().mergePredictions(
        [
          at('sunday, last moment', '2026-07-05T23:59:59.999999Z'),
          at('monday, first moment', '2026-07-06T00:00:00.000000Z'),
          at('thursday', '2026-07-09T12:00:00.000000Z'),
          at('noise', '2026-07-09T12:00:00.000000Z', -1),
          at('week over new year', '2027-01-01T00:00:00.000000Z'),
          predictionRow({ number: 'other centre', techCenter: 'Other' }),
          predictionRow({ number: 'other version', modelVersion: '2026/q2/r1' }),
        ],
        signal(),
      );
      const sizes = await warehouse().clusterSizesByWeek(
        { techCenter: 'Service Desk', modelVersion: '2026/q3/r1' },
        signal(),
      );
      expect(sizes).toEqual([
        { cluster: -1, week: '2026-07-06T00:00:00.000000Z', incidents: 1 },
        { cluster: 4, week: '2026-06-29T00:00:00.000000Z', incidents: 1 },
        { cluster: 4, week: '2026-07-06T00:00:00.000000Z', incidents: 2 },
        { cluster: 4, week: '2026-12-28T00:00:00.000000Z', incidents: 1 },
      ]);
    });
  });
}
