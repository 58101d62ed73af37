import type { Review, ReviewItem } from '../../../contracts';
import { Conditions } from '../parameters';
import {
  reviewTallyColumns,
  reviewTallySql,
  reviewTallyVerdicts,
  type ReviewFilter,
  type ReviewOperations,
  type ReviewTally,
} from '../reviewOperations';
import { reviewItemsTable, reviewsTable } from '../tables';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

export function reviewOperations(context: MergeContext): ReviewOperations {
  const { quoted } = context.references;

  return {
    async mergeReviewItems(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing review items', reviewItemsTable, rows, signal);
    },

    async reviewItems(query, signal) {
      const where = new Conditions();
      if (query.itemId !== undefined) where.add('i.item_id = @item_id', { item_id: ['text', query.itemId] });
      if (query.roundId !== undefined)
        where.add('i.round_id = @round_id', { round_id: ['text', query.roundId] });
      if (query.open === true) {
        where.add(`i.item_id NOT IN (
          SELECT r.item_id FROM ${quoted.anomaly_reviews} r WHERE r.verdict IS NOT NULL AND r.review_id NOT IN (
            SELECT u.undoes FROM ${quoted.anomaly_reviews} u WHERE u.undoes IS NOT NULL))`);
      }
      return selectRows<ReviewItem>(
        context,
        'reading review items',
        `SELECT ${columnsOf(reviewItemsTable, 'i')} FROM ${quoted.review_items} i
           WHERE ${where.sql} ORDER BY i.priority DESC, i.item_id LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        reviewItemsTable.columns,
        signal,
      );
    },

    async mergeReviews(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing reviews', reviewsTable, rows, signal);
    },

    async reviews(query, signal) {
      const where = new Conditions();
      addFilter(where, query);
      if (query.reviewId !== undefined) {
        where.add('(r.review_id = @review_id OR r.undoes = @review_id)', {
          review_id: ['text', query.reviewId],
        });
      }
      if (query.from !== undefined)
        where.add('r.`at` >= @from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('r.`at` < @to_time', { to_time: ['timestamp', query.to] });
      return selectRows<Review>(
        context,
        'reading reviews',
        `SELECT ${columnsOf(reviewsTable, 'r')} FROM ${quoted.anomaly_reviews} r
           WHERE ${where.sql} ORDER BY r.reviewed_at, r.review_id LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        reviewsTable.columns,
        signal,
      );
    },

    async reviewTallies(query, signal) {
      const where = new Conditions();
      addFilter(where, query);
      return selectRows<ReviewTally>(
        context,
        'counting reviews',
        reviewTallySql(quoted.anomaly_reviews, where.sql, '@'),
        { ...where.parameters, ...reviewTallyVerdicts },
        reviewTallyColumns,
        signal,
      );
    },
  };
}

function addFilter(where: Conditions, { itemId, instance }: ReviewFilter): void {
  if (itemId !== undefined) where.add('r.item_id = @item_id', { item_id: ['text', itemId] });
  if (instance !== undefined) where.add('r.instance = @instance', { instance: ['text', instance] });
}
