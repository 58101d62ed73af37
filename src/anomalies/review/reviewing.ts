import {
  QuarterdeckError,
  toTimestamp,
  type Review,
  type ReviewItem,
  type ReviewList,
  type ReviewQueue,
  type SubmitReview,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { ReviewOperations } from '../../platform/warehouse/reviewOperations';
import {
  agreementOf,
  majorityVerdicts,
  standingReviews,
  type RowVerdict,
  type StandingReview,
} from './standingReviews';

/** Where items and verdicts are kept: the warehouse, or memory while models are being judged. */
interface ReviewTables {
  readonly warehouse: ReviewOperations;
}
interface Counted {
  readonly telemetry: Pick<Platform['telemetry'], 'metric'>;
}
export type ReviewPlatform = ReviewTables &
  Counted &
  Pick<Platform, 'newId'> & { readonly clock: Pick<Platform['clock'], 'now'> };

/** Beyond this the number of open items says "many". */
const countedItems = 10_000;
/** A year of reviewing by a large team. */
const mostReviews = 1_000_000;
/** A verdict and what takes it back: one row, or a few where they were stored under other ids. */
const mostUndos = 100;

/** Puts a selection's rows into the queue. Storing the same round again changes nothing. */
export async function storeReviewRound(
  platform: ReviewTables & Counted,
  items: readonly ReviewItem[],
  signal: AbortSignal,
): Promise<void> {
  await platform.warehouse.mergeReviewItems(items, signal);
  platform.telemetry.metric('review.items.picked', items.length, {});
}

/** The items that wait, most useful first. */
export async function reviewQueue(
  platform: ReviewTables,
  query: { readonly roundId?: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<ReviewQueue> {
  const round = query.roundId === undefined ? {} : { roundId: query.roundId };
  const items = await platform.warehouse.reviewItems({ ...round, open: true, limit: countedItems }, signal);
  return { items: items.slice(0, query.limit), open: items.length };
}

/**
 * Records one verdict. A reviewer who judges an item again changes their mind: the last one counts.
 * @throws NOT_FOUND when there is no such item
 */
export async function submitReview(
  platform: ReviewPlatform,
  submitted: SubmitReview,
  signal: AbortSignal,
): Promise<Review> {
  const [item] = await platform.warehouse.reviewItems({ itemId: submitted.itemId, limit: 1 }, signal);
  if (!item) {
    throw new QuarterdeckError('NOT_FOUND', `there is no review item ${submitted.itemId}`, {
      culprit: { field: 'itemId' },
    });
  }
  const review: Review = {
    reviewId: platform.newId(),
    itemId: item.itemId,
    instance: item.instance,
    at: item.at,
    reviewer: submitted.reviewer,
    verdict: submitted.verdict,
    undoes: null,
    note: submitted.note ?? null,
    secondsSpent: submitted.secondsSpent ?? null,
    reviewedAt: toTimestamp(platform.clock.now()),
  };
  await platform.warehouse.mergeReviews([review], signal);
  platform.telemetry.metric('review.verdicts', 1, { verdict: submitted.verdict });
  return review;
}

/**
 * Takes a verdict back. Both rows stay in the audit; taking back twice changes nothing more.
 * @throws NOT_FOUND when there is no such verdict
 */
export async function undoReview(
  platform: Omit<ReviewPlatform, 'newId'>,
  { reviewId, reviewer }: { readonly reviewId: string; readonly reviewer: string },
  signal: AbortSignal,
): Promise<Review> {
  const found = await platform.warehouse.reviews({ reviewId, limit: mostUndos }, signal);
  const given = found.find((review) => review.reviewId === reviewId && review.verdict !== null);
  if (!given) {
    throw new QuarterdeckError('NOT_FOUND', `there is no verdict ${reviewId}`, {
      culprit: { field: 'reviewId' },
    });
  }
  const known = found.find(({ undoes }) => undoes === reviewId);
  if (known) return known;
  const undo: Review = {
    // The same for whoever takes it back at the same time, so that one row is stored.
    reviewId: `undo ${reviewId}`,
    itemId: given.itemId,
    instance: given.instance,
    at: given.at,
    reviewer,
    verdict: null,
    undoes: reviewId,
    note: null,
    secondsSpent: null,
    reviewedAt: toTimestamp(platform.clock.now()),
  };
  await platform.warehouse.mergeReviews([undo], signal);
  return undo;
}

/** The audit, as far as `limit`, and how far those who judged the same items agree: over all that was asked for. */
export async function listReviews(
  platform: ReviewTables,
  query: {
    readonly itemId?: string | undefined;
    readonly instance?: string | undefined;
    readonly limit: number;
  },
  signal: AbortSignal,
): Promise<ReviewList> {
  const { itemId, instance, limit } = query;
  const asked = { ...(itemId !== undefined && { itemId }), ...(instance !== undefined && { instance }) };
  const [reviews, tallies] = await Promise.all([
    platform.warehouse.reviews({ ...asked, limit }, signal),
    platform.warehouse.reviewTallies(asked, signal),
  ]);
  return { reviews, agreement: agreementOf(tallies) };
}

/** What people said of rows in [from, to): the labels of training. Ties are no labels. */
export async function standingVerdicts(
  platform: ReviewTables,
  window: { readonly from?: Timestamp; readonly to?: Timestamp },
  signal: AbortSignal,
): Promise<RowVerdict[]> {
  const reviews = await platform.warehouse.reviews({ ...window, limit: mostReviews }, signal);
  return majorityVerdicts(standingReviews(reviews));
}

/** Every verdict that counts. */
export async function standingReviewsOf(
  platform: ReviewTables,
  signal: AbortSignal,
): Promise<StandingReview[]> {
  return standingReviews(await platform.warehouse.reviews({ limit: mostReviews }, signal));
}
