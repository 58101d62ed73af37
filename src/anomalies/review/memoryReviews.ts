import type { Review, ReviewItem } from '../../contracts';
import type { ReviewOperations } from '../../platform/warehouse/reviewOperations';
import { standingReviews, talliesOf } from './standingReviews';

/** Items and verdicts in memory, by the rules of the warehouse. */
export function memoryReviews(): ReviewOperations {
  const items = new Map<string, ReviewItem>();
  const reviews = new Map<string, Review>();
  return {
    async mergeReviewItems(rows) {
      for (const row of rows) items.set(row.itemId, row);
    },
    async reviewItems({ itemId, roundId, open, limit }) {
      const decided = new Set(
        open ? standingReviews([...reviews.values()]).map((review) => review.itemId) : [],
      );
      return [...items.values()]
        .filter(
          (item) =>
            (itemId === undefined || item.itemId === itemId) &&
            (roundId === undefined || item.roundId === roundId) &&
            !decided.has(item.itemId),
        )
        .sort((a, b) => b.priority - a.priority || (a.itemId < b.itemId ? -1 : 1))
        .slice(0, limit);
    },
    async mergeReviews(rows) {
      for (const row of rows) reviews.set(row.reviewId, row);
    },
    async reviews({ itemId, instance, reviewId, from, to, limit }) {
      return [...reviews.values()]
        .filter(
          (review) =>
            (itemId === undefined || review.itemId === itemId) &&
            (reviewId === undefined || review.reviewId === reviewId || review.undoes === reviewId) &&
            (instance === undefined || review.instance === instance) &&
            (from === undefined || review.at >= from) &&
            (to === undefined || review.at < to),
        )
        .slice(0, limit);
    },
    async reviewTallies({ itemId, instance }) {
      const asked = standingReviews([...reviews.values()]).filter(
        (review) =>
          (itemId === undefined || review.itemId === itemId) &&
          (instance === undefined || review.instance === instance),
      );
      return talliesOf(asked);
    },
  };
}
