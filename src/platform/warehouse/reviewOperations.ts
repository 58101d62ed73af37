import type { Review, ReviewItem, Timestamp } from '../../contracts';

export interface ReviewOperations {
  /** Stores items by id. */
  mergeReviewItems(rows: readonly ReviewItem[], signal: AbortSignal): Promise<void>;
  /** Highest priority first. `open` keeps those on which no verdict stands. */
  reviewItems(
    query: {
      readonly itemId?: string;
      readonly roundId?: string;
      readonly open?: boolean;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<ReviewItem[]>;
  /** Stores reviews by id. */
  mergeReviews(rows: readonly Review[], signal: AbortSignal): Promise<void>;
  /** In the order in which they were given; rows that only take another one back included. */
  reviews(
    query: {
      readonly itemId?: string;
      readonly instance?: string;
      /** By the time of the row that was judged, half-open. */
      readonly from?: Timestamp;
      readonly to?: Timestamp;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<Review[]>;
}
