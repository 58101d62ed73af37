import { describe, expect, it } from '@jest/globals';
import type { Review } from '../../../src/contracts';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { reviewItemRow, reviewRow } from '../../support/warehouseRows';

export function reviewContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  const ids = async (query: Partial<Parameters<Warehouse['reviewItems']>[0]>): Promise<string[]> =>
    (await warehouse().reviewItems({ limit: 10, ...query }, signal())).map(({ itemId }) => itemId);

  describe('review items', () => {
    it('come back as they were stored, highest priority first, by round and id', async () => {
      const low = reviewItemRow({ itemId: 'a', priority: 0.2, probability: null });
      const high = reviewItemRow({ itemId: 'b', priority: 0.9, roundId: 'round-2' });
      await warehouse().mergeReviewItems([low, high], signal());
      await warehouse().mergeReviewItems([high], signal());
      expect(await warehouse().reviewItems({ limit: 10 }, signal())).toEqual([high, low]);
      expect(await ids({ limit: 1 })).toEqual(['b']);
      expect(await ids({ roundId: 'round-1' })).toEqual(['a']);
      expect(await ids({ itemId: 'b' })).toEqual(['b']);
    });

    it('are open until a verdict stands, and again once it is taken back', async () => {
      await warehouse().mergeReviewItems(
        ['a', 'b', 'c'].map((itemId) => reviewItemRow({ itemId })),
        signal(),
      );
      expect(await ids({ open: true })).toEqual(['a', 'b', 'c']);
      await warehouse().mergeReviews(
        [
          reviewRow({ reviewId: 'r1', itemId: 'a' }),
          reviewRow({ reviewId: 'r2', itemId: 'b', verdict: 'skip' }),
        ],
        signal(),
      );
      expect(await ids({ open: true })).toEqual(['c']);
      await warehouse().mergeReviews(
        [reviewRow({ reviewId: 'r3', itemId: 'a', verdict: null, undoes: 'r1' })],
        signal(),
      );
      expect(await ids({ open: true })).toEqual(['a', 'c']);
    });
  });

  describe('reviews', () => {
    it('are kept in the order in which they were given, and found by item, instance and time', async () => {
      const rows = [0, 1, 2].map((index) =>
        reviewRow({
          reviewId: `r${index}`,
          itemId: `i${index}`,
          instance: index === 1 ? 'web-2' : 'web-1',
          at: `2026-07-0${index + 1}T00:00:00.000000Z`,
          reviewedAt: `2026-07-1${index}T00:00:00.000000Z`,
          note: index === 0 ? `'; DROP -- é𝄞 {{projectId}}` : null,
        }),
      );
      await warehouse().mergeReviews([rows[2]!, rows[0]!, rows[1]!], signal());
      expect(await warehouse().reviews({ limit: 10 }, signal())).toEqual(rows);
      expect(await warehouse().reviews({ instance: 'web-2', limit: 10 }, signal())).toEqual([rows[1]]);
      expect(await warehouse().reviews({ itemId: 'i0', limit: 10 }, signal())).toEqual([rows[0]]);
      const window = { from: rows[1]!.at, to: rows[2]!.at };
      expect(await warehouse().reviews({ ...window, limit: 10 }, signal())).toEqual([rows[1]]);
      expect(await warehouse().reviews({ limit: 1 }, signal())).toEqual([rows[0]]);
    });

    it('are found by id together with what takes them back', async () => {
      const given = reviewRow({ reviewId: 'r1' });
      const undo = reviewRow({
        reviewId: 'r2',
        verdict: null,
        undoes: 'r1',
        reviewedAt: '2026-08-01T00:00:00.000000Z',
      });
      await warehouse().mergeReviews([given, undo, reviewRow({ reviewId: 'r3' })], signal());
      expect(await warehouse().reviews({ reviewId: 'r1', limit: 10 }, signal())).toEqual([given, undo]);
    });

    it('are counted by how reviewers judged an item, the last verdict of each that was not taken back', async () => {
      let count = 0;
      const say = (
        itemId: string,
        reviewer: string,
        verdict: Review['verdict'],
        undoes: string | null = null,
      ) =>
        reviewRow({
          reviewId: `r${count}`,
          itemId,
          reviewer,
          verdict,
          undoes,
          instance: `of ${itemId}`,
          reviewedAt: `2026-07-01T00:00:${String(count++).padStart(2, '0')}.000000Z`,
        });
      await warehouse().mergeReviews(
        [
          say('both', 'ada', 'anomaly'),
          say('both', 'bob', 'normal'),
          say('both', 'bob', 'anomaly'),
          say('split', 'ada', 'anomaly'),
          say('split', 'bob', 'normal'),
          say('like split', 'ada', 'normal'),
          say('like split', 'bob', 'anomaly'),
          say('like split', 'cyd', 'skip'),
          say('alone', 'ada', 'anomaly'),
          say('alone', 'bob', 'skip'),
          say('taken back', 'ada', 'anomaly'),
          say('taken back', 'bob', 'anomaly'),
          say('taken back', 'bob', null, 'r11'),
        ],
        signal(),
      );
      expect(await warehouse().reviewTallies({}, signal())).toEqual([
        { anomalies: 1, normals: 1, items: 2 },
        { anomalies: 2, normals: 0, items: 1 },
      ]);
      expect(await warehouse().reviewTallies({ itemId: 'both' }, signal())).toHaveLength(1);
      expect(await warehouse().reviewTallies({ instance: 'of alone' }, signal())).toEqual([]);
    });
  });
}
