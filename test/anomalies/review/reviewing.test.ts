import { describe, expect, test } from '@jest/globals';
import {
  listReviews,
  reviewQueue,
  standingVerdicts,
  storeReviewRound,
  submitReview,
  undoReview,
} from '../../../src/anomalies';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { reviewItemRow } from '../../support/warehouseRows';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

describe('reviewing', () => {
  const platform = withPlatform();

  async function withItems(): Promise<TestPlatform> {
    const p = await platform();
    const items = ['a', 'b', 'c'].map((itemId, index) =>
      reviewItemRow({ itemId, instance: `web-${itemId}`, priority: index }),
    );
    await storeReviewRound(p, items, signal());
    return p;
  }
  const queue = async (p: TestPlatform): Promise<string[]> =>
    (await reviewQueue(p, { limit: 10 }, signal())).items.map(({ itemId }) => itemId);
  const verdicts = async (p: TestPlatform): Promise<string[]> =>
    (await standingVerdicts(p, {}, signal())).map(({ itemId, verdict }) => `${itemId} ${verdict}`);

  test('a verdict takes its item out of the queue and becomes a label', async () => {
    const p = await withItems();
    expect(await queue(p)).toEqual(['c', 'b', 'a']);
    await submitReview(p, { itemId: 'c', reviewer: 'ada', verdict: 'anomaly', secondsSpent: 3 }, signal());
    await submitReview(p, { itemId: 'b', reviewer: 'ada', verdict: 'skip' }, signal());
    expect(await reviewQueue(p, { limit: 1 }, signal())).toMatchObject({ open: 1, items: [{ itemId: 'a' }] });
    expect(await verdicts(p)).toEqual(['c anomaly']);
  });

  test('an undo puts the item back, once, and leaves both rows in the audit', async () => {
    const p = await withItems();
    const given = await submitReview(p, { itemId: 'c', reviewer: 'ada', verdict: 'anomaly' }, signal());
    const undo = await undoReview(p, { reviewId: given.reviewId, reviewer: 'bob' }, signal());
    const again = await undoReview(p, { reviewId: given.reviewId, reviewer: 'bob' }, signal());
    expect(again.reviewId).toBe(undo.reviewId);
    expect(await queue(p)).toEqual(['c', 'b', 'a']);
    expect(await verdicts(p)).toEqual([]);
    const { reviews } = await listReviews(p, { limit: 10 }, signal());
    expect(reviews.map(({ reviewer, verdict, undoes }) => [reviewer, verdict, undoes])).toEqual([
      ['ada', 'anomaly', null],
      ['bob', null, given.reviewId],
    ]);
  });

  test('several that take a verdict back at once leave one row', async () => {
    const p = await withItems();
    const { reviewId } = await submitReview(
      p,
      { itemId: 'c', reviewer: 'ada', verdict: 'anomaly' },
      signal(),
    );
    const undos = await Promise.all(
      ['bob', 'cyd', 'dan'].map((reviewer) => undoReview(p, { reviewId, reviewer }, signal())),
    );
    expect(new Set(undos.map((undo) => undo.reviewId)).size).toBe(1);
    expect((await listReviews(p, { limit: 10 }, signal())).reviews).toHaveLength(2);
    // What takes back is no verdict that could be taken back.
    await expect(
      undoReview(p, { reviewId: undos[0]!.reviewId, reviewer: 'ada' }, signal()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('agreement is over all reviews that were asked for, not over those that are shown', async () => {
    const p = await withItems();
    for (const [itemId, verdict] of [
      ['a', 'normal'],
      ['b', 'normal'],
      ['c', 'anomaly'],
    ] as const) {
      for (const reviewer of ['ada', 'bob']) await submitReview(p, { itemId, reviewer, verdict }, signal());
    }
    await submitReview(p, { itemId: 'a', reviewer: 'cyd', verdict: 'anomaly' }, signal());
    const list = await listReviews(p, { limit: 1 }, signal());
    expect(list.reviews).toHaveLength(1);
    expect(list.agreement).toMatchObject({ items: 3, disagreeing: 1 });
    expect((await listReviews(p, { instance: 'web-c', limit: 1 }, signal())).agreement).toEqual({
      items: 1,
      disagreeing: 0,
      alpha: 1,
    });
  });

  test('of one reviewer the last verdict counts; of several the majority, and a tie is no label', async () => {
    const p = await withItems();
    const say = async (itemId: string, reviewer: string, verdict: 'anomaly' | 'normal'): Promise<void> => {
      p.clock.advance(1_000);
      await submitReview(p, { itemId, reviewer, verdict }, signal());
    };
    await say('a', 'ada', 'normal');
    await say('a', 'ada', 'anomaly');
    expect(await verdicts(p)).toEqual(['a anomaly']);
    await say('a', 'bob', 'normal');
    expect(await verdicts(p)).toEqual([]);
    await say('a', 'cyd', 'normal');
    expect(await verdicts(p)).toEqual(['a normal']);
    const { agreement } = await listReviews(p, { limit: 10 }, signal());
    expect(agreement).toMatchObject({ items: 1, disagreeing: 1 });
  });

  test('what does not exist cannot be judged or taken back', async () => {
    const p = await withItems();
    await expect(
      submitReview(p, { itemId: 'x', reviewer: 'ada', verdict: 'normal' }, signal()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', culprit: { field: 'itemId' } });
    await expect(undoReview(p, { reviewId: 'x', reviewer: 'ada' }, signal())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      culprit: { field: 'reviewId' },
    });
  });

  test('the same round stored twice is in the queue once', async () => {
    const p = await withItems();
    await storeReviewRound(p, [reviewItemRow({ itemId: 'a', instance: 'web-a', priority: 0 })], signal());
    expect(await queue(p)).toEqual(['c', 'b', 'a']);
  });
});
