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
import type { TableNames } from '../tableNames';
import { reviewItemsTable, reviewsTable } from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

export function reviewOperations(database: DuckDbFile, names: TableNames): ReviewOperations {
  return {
    async mergeReviewItems(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing review items', signal, (session) =>
        mergeRows(session, reviewItemsTable, names.review_items, rows),
      );
    },

    async reviewItems(query, signal) {
      const where = new Conditions();
      if (query.itemId !== undefined) where.add('i.item_id = $item_id', { item_id: ['text', query.itemId] });
      if (query.roundId !== undefined)
        where.add('i.round_id = $round_id', { round_id: ['text', query.roundId] });
      if (query.open === true) {
        where.add(`i.item_id NOT IN (
          SELECT r.item_id FROM ${names.anomaly_reviews} r WHERE r.verdict IS NOT NULL AND r.review_id NOT IN (
            SELECT u.undoes FROM ${names.anomaly_reviews} u WHERE u.undoes IS NOT NULL))`);
      }
      return database.read('reading review items', signal, (session) =>
        selectRows<ReviewItem>(
          session,
          `SELECT ${columnsOf(reviewItemsTable, 'i')} FROM ${names.review_items} i
           WHERE ${where.sql} ORDER BY i.priority DESC, i.item_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          reviewItemsTable.columns,
        ),
      );
    },

    async mergeReviews(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing reviews', signal, (session) =>
        mergeRows(session, reviewsTable, names.anomaly_reviews, rows),
      );
    },

    async reviews(query, signal) {
      const where = new Conditions();
      addFilter(where, query);
      if (query.reviewId !== undefined) {
        where.add('(r.review_id = $review_id OR r.undoes = $review_id)', {
          review_id: ['text', query.reviewId],
        });
      }
      if (query.from !== undefined)
        where.add('r."at" >= $from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('r."at" < $to_time', { to_time: ['timestamp', query.to] });
      return database.read('reading reviews', signal, (session) =>
        selectRows<Review>(
          session,
          `SELECT ${columnsOf(reviewsTable, 'r')} FROM ${names.anomaly_reviews} r
           WHERE ${where.sql} ORDER BY r.reviewed_at, r.review_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          reviewsTable.columns,
        ),
      );
    },

    async reviewTallies(query, signal) {
      const where = new Conditions();
      addFilter(where, query);
      return database.read('counting reviews', signal, (session) =>
        selectRows<ReviewTally>(
          session,
          reviewTallySql(names.anomaly_reviews, where.sql, '$'),
          { ...where.parameters, ...reviewTallyVerdicts },
          reviewTallyColumns,
        ),
      );
    },
  };
}

function addFilter(where: Conditions, { itemId, instance }: ReviewFilter): void {
  if (itemId !== undefined) where.add('r.item_id = $item_id', { item_id: ['text', itemId] });
  if (instance !== undefined) where.add('r.instance = $instance', { instance: ['text', instance] });
}
