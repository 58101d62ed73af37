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
    query: ReviewFilter & {
      /** The review of this id, and those that take it back. */
      readonly reviewId?: string;
      /** By the time of the row that was judged, half-open. */
      readonly from?: Timestamp;
      readonly to?: Timestamp;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<Review[]>;
  /** How often items were judged in the same way by two reviewers or more: what agreement is computed from. */
  reviewTallies(query: ReviewFilter, signal: AbortSignal): Promise<ReviewTally[]>;
}

export interface ReviewFilter {
  readonly itemId?: string;
  readonly instance?: string;
}

/** `items` items of which `anomalies` reviewers say that they are one, and `normals` that they are not. */
export interface ReviewTally {
  readonly anomalies: number;
  readonly normals: number;
  readonly items: number;
}

/**
 * Of the verdicts that count (not taken back, the last of a reviewer on an item), two or more on an item. The same in
 * both dialects but for the name of the table and the sign before parameters.
 */
export function reviewTallySql(reviews: string, where: string, sign: '$' | '@'): string {
  return `SELECT t.anomalies, t.normals, COUNT(*) AS items FROM (
      SELECT s.item_id, COUNT(CASE WHEN s.verdict = ${sign}anomaly THEN 1 END) AS anomalies,
             COUNT(CASE WHEN s.verdict = ${sign}normal THEN 1 END) AS normals
      FROM (
        SELECT r.item_id, r.verdict, ROW_NUMBER() OVER (
          PARTITION BY r.item_id, r.reviewer ORDER BY r.reviewed_at DESC, r.review_id DESC) AS place
        FROM ${reviews} r
        WHERE ${where} AND r.verdict IS NOT NULL AND r.review_id NOT IN (
          SELECT u.undoes FROM ${reviews} u WHERE u.undoes IS NOT NULL)
      ) s WHERE s.place = 1 GROUP BY s.item_id
    ) t WHERE t.anomalies + t.normals >= 2 GROUP BY t.anomalies, t.normals ORDER BY t.anomalies, t.normals`;
}

export const reviewTallyVerdicts = { anomaly: ['text', 'anomaly'], normal: ['text', 'normal'] } as const;
export const reviewTallyColumns = [
  { property: 'anomalies', kind: 'integer' },
  { property: 'normals', kind: 'integer' },
  { property: 'items', kind: 'integer' },
] as const;
