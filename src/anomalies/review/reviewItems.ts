import { createHash } from 'node:crypto';
import type { ReviewItem, Timestamp } from '../../contracts';
import type { PickedRow } from './selectForReview';

/** What is known of the rows that a round picked among. */
export interface ReviewedRound {
  readonly roundId: string;
  readonly pickedAt: Timestamp;
  instanceOf(row: number): string;
  timeOf(row: number): Timestamp;
  /** On the −1…1 scale. */
  confidenceOf(row: number): number;
  /** Null before there is a supervised model. */
  probabilityOf(row: number): number | null;
}

/** Items of the queue. The same row has the same id in every round, so that a row picked again stays one item. */
export function reviewItemsOf(picked: readonly PickedRow[], round: ReviewedRound): ReviewItem[] {
  return picked.map(({ row, reason, band, priority, explanation }): ReviewItem => {
    const instance = round.instanceOf(row);
    const at = round.timeOf(row);
    const digest = createHash('sha256').update(`${instance}\n${at}`).digest('hex');
    return {
      itemId: `i-${digest.slice(0, 20)}`,
      instance,
      at,
      isolationScore: round.confidenceOf(row),
      band,
      probability: round.probabilityOf(row),
      reason,
      explanation,
      priority,
      roundId: round.roundId,
      pickedAt: round.pickedAt,
    };
  });
}
