import { describe, expect, it } from '@jest/globals';
import type { Position, Watermark } from '../../../src/contracts';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { predictionRow, preprocessedRow, ticketNumber } from '../../support/warehouseRows';

export function preprocessedContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  describe('preprocessed incidents', () => {
    it('keep every bit of their embeddings, of whatever width', async () => {
      const embeddings = [
        Float32Array.of(0.1, 1 / 3, -2e-45, 3.4028234663852886e38, -1.1754943508222875e-38),
        new Float32Array(1536).map((_, index) => Math.fround(Math.sin(index + 1) / 7)),
        Float32Array.of(),
        Float32Array.of(-1),
      ];
      const rows = embeddings.map((embedding, index) =>
        preprocessedRow({ number: ticketNumber(index), embedding }),
      );
      await warehouse().mergePreprocessed(rows, signal());
      const stored = await warehouse().preprocessedBetween({ limit: 10 }, signal());
      expect(stored).toEqual(rows);
      for (const row of stored) expect(row.embedding).toBeInstanceOf(Float32Array);
    });

    it('are found by the direction of their vectors, nearest first, within one embedder and before a time', async () => {
      const rows = [
        preprocessedRow({ number: 'same', embedding: Float32Array.of(2, 0) }),
        preprocessedRow({ number: 'near', embedding: Float32Array.of(1, 1) }),
        preprocessedRow({ number: 'opposite', embedding: Float32Array.of(-1, 0) }),
        preprocessedRow({ number: 'nowhere', embedding: Float32Array.of(0, 0) }),
        preprocessedRow({ number: 'wider', embedding: Float32Array.of(1, 0, 0) }),
        preprocessedRow({ number: 'other', embedding: Float32Array.of(1, 0), embeddingModel: 'local@2' }),
        preprocessedRow({
          number: 'later',
          embedding: Float32Array.of(1, 0),
          sysCreatedOn: '2026-08-01T00:00:00.000000Z',
        }),
      ];
      await warehouse().mergePreprocessed(rows, signal());
      const { embeddingModel } = rows[0]!;
      const query = {
        vector: Float32Array.of(1, 0),
        embeddingModel,
        before: '2026-08-01T00:00:00.000000Z',
        limit: 10,
      };
      const found = await warehouse().nearestPreprocessed(query, signal());
      expect(found.map(({ number }) => number)).toEqual(['same', 'near', 'opposite']);
      expect(found.map(({ similarity }) => similarity)).toEqual([
        expect.closeTo(1, 6),
        expect.closeTo(Math.SQRT1_2, 6),
        expect.closeTo(-1, 6),
      ]);
      expect(await warehouse().nearestPreprocessed({ ...query, limit: 1 }, signal())).toHaveLength(1);
    });

    it('refuse an embedding that is not finite, naming row and column', async () => {
      const bad = preprocessedRow({ number: 'b', embedding: Float32Array.of(1, Number.NaN) });
      await expect(warehouse().mergePreprocessed([preprocessedRow(), bad], signal())).rejects.toMatchObject({
        code: 'WAREHOUSE_REJECTED',
        culprit: { row: 1, column: 'embedding' },
      });
      expect(await warehouse().preprocessedBetween({ limit: 10 }, signal())).toEqual([]);
    });

    it('replace the row with the same number, also one with another width', async () => {
      await warehouse().mergePreprocessed([preprocessedRow()], signal());
      const again = preprocessedRow({ embedding: Float32Array.of(7, 8), embeddingModel: 'local@2' });
      await warehouse().mergePreprocessed([preprocessedRow(), again], signal());
      expect(await warehouse().preprocessed([again.number, 'unknown'], signal())).toEqual([again]);
      expect(await warehouse().preprocessed([], signal())).toEqual([]);
    });

    it('without a prediction of a version are found page by page, each once', async () => {
      const rows = Array.from({ length: 9 }, (_, index) =>
        preprocessedRow({ number: ticketNumber(index), sysCreatedOn: '2026-07-01T08:00:00.000000Z' }),
      );
      await warehouse().mergePreprocessed(rows, signal());
      await warehouse().mergePreprocessed([preprocessedRow({ number: 'Z', techCenter: 'Other' })], signal());
      await warehouse().mergePredictions(
        [
          predictionRow({ number: ticketNumber(3), modelVersion: '2026/q3/r2' }),
          predictionRow({ number: ticketNumber(4), modelVersion: '2026/q3/r1' }),
        ],
        signal(),
      );
      const seen: string[] = [];
      let after: Position | undefined;
      for (;;) {
        const page = await warehouse().unpredicted(
          { techCenter: 'Service Desk', modelVersion: '2026/q3/r2', from: undefined, after, limit: 2 },
          signal(),
        );
        if (page.length === 0) break;
        seen.push(...page.map((row) => row.number));
        after = page.at(-1);
      }
      expect(seen).toEqual([0, 1, 2, 4, 5, 6, 7, 8].map(ticketNumber));
    });

    it('without a prediction can be asked for from a time on', async () => {
      await warehouse().mergePreprocessed(
        [1, 2].map((day) =>
          preprocessedRow({ number: ticketNumber(day), sysCreatedOn: `2026-07-0${day}T00:00:00.000000Z` }),
        ),
        signal(),
      );
      const rows = await warehouse().unpredicted(
        {
          techCenter: 'Service Desk',
          modelVersion: '2026/q3/r1',
          from: '2026-07-01T00:00:00.000001Z',
          after: undefined,
          limit: 10,
        },
        signal(),
      );
      expect(rows.map((row) => row.number)).toEqual([ticketNumber(2)]);
    });
  });

  describe('watermarks', () => {
    const watermark = (
      time: string,
      number: string,
      updatedAt = '2026-07-01T09:00:00.000000Z',
    ): Watermark => ({
      techCenter: 'Service Desk',
      lastProcessedTimestamp: time,
      lastProcessedNumber: number,
      updatedAt,
    });
    const early = watermark('2026-07-01T08:00:00.000001Z', 'INC2');
    const late = watermark('2026-07-01T08:00:00.000002Z', 'INC1');

    it('are unknown until the first is stored', async () => {
      expect(await warehouse().watermark('Service Desk', signal())).toBeUndefined();
      await warehouse().advanceWatermark(early, signal());
      expect(await warehouse().watermark('Service Desk', signal())).toEqual(early);
      expect(await warehouse().watermark('Other', signal())).toBeUndefined();
    });

    it('move forward by a microsecond, or by number at the same time', async () => {
      for (const next of [early, watermark(early.lastProcessedTimestamp, 'INC3'), late]) {
        await warehouse().advanceWatermark(next, signal());
        expect(await warehouse().watermark('Service Desk', signal())).toEqual(next);
      }
    });

    it('never move backwards, and a repeated one changes nothing', async () => {
      await warehouse().advanceWatermark(late, signal());
      const attempts = [
        early,
        watermark(late.lastProcessedTimestamp, 'INC0'),
        { ...late, updatedAt: '2027-01-01T00:00:00.000000Z' },
      ];
      for (const attempt of attempts) await warehouse().advanceWatermark(attempt, signal());
      expect(await warehouse().watermark('Service Desk', signal())).toEqual(late);
    });

    it('end at the latest of many that race', async () => {
      const race = Array.from({ length: 12 }, (_, index) =>
        watermark(`2026-07-01T08:00:00.0000${String((index * 7) % 12).padStart(2, '0')}Z`, 'INC1'),
      );
      await Promise.all(race.map((entry) => warehouse().advanceWatermark(entry, signal())));
      const stored = await warehouse().watermark('Service Desk', signal());
      expect(stored?.lastProcessedTimestamp).toBe('2026-07-01T08:00:00.000011Z');
    });
  });
}
