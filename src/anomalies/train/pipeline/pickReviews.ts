import { toTimestamp } from '../../../contracts';
import type { Matrix } from '../../../learn/matrix';
import type { Platform } from '../../../platform/platform';
import { reviewItemsOf } from '../../review/reviewItems';
import { storeReviewRound } from '../../review/reviewing';
import { selectForReview } from '../../review/selectForReview';
import { minuteOf, rowKey, type TrainingRows } from './trainingRows';

export interface ReviewRound {
  readonly roundId: string;
  readonly picked: number;
  /** Rows of the window that people judged or were shown before. */
  readonly shownBefore: number;
  readonly budget: number;
}

/** All items of a window; more than that nobody reviews. */
const mostItems = 1_000_000;
const minuteMs = 60_000;

/**
 * Picks rows for people to judge, within what is left of the window's budget, and puts them into the queue.
 * @param probability by the best model there is; undefined while none has learned from labels
 */
export async function pickReviews(
  platform: Platform,
  roundId: string,
  candidates: {
    readonly rows: TrainingRows;
    readonly confidence: Float64Array;
    readonly probability: Float32Array | undefined;
    /** What rows are told apart by. */
    readonly vectors: Matrix;
  },
  signal: AbortSignal,
): Promise<ReviewRound> {
  const { rows, confidence, probability, vectors } = candidates;
  const { settings } = platform;
  const known = new Set(
    (await platform.warehouse.reviewItems({ limit: mostItems }, signal)).map(({ instance, at }) =>
      rowKey(instance, minuteOf(at)),
    ),
  );
  const shown = Uint8Array.from(rows.minutes, (minute, row) =>
    known.has(rowKey(rows.instances[row]!, minute)) ? 1 : 0,
  );
  const shownBefore = shown.reduce((sum, one) => sum + one, 0);
  const budget = Math.floor(rows.minutes.length * settings.ANOMALY_REVIEW_SHARE);
  const left = Math.max(0, budget - shownBefore);
  const picked =
    left === 0
      ? []
      : selectForReview(
          {
            instances: rows.instances,
            minutes: rows.minutes,
            confidence,
            shown,
            ...(probability && { probability, vectors }),
          },
          {
            rows: left,
            hours: settings.ANOMALY_REVIEW_HOURS,
            minutesPerReview: settings.ANOMALY_REVIEW_MINUTES,
          },
        ).picked;
  const items = reviewItemsOf(picked, {
    roundId,
    pickedAt: toTimestamp(platform.clock.now()),
    instanceOf: (row) => rows.instances[row]!,
    timeOf: (row) => toTimestamp(rows.minutes[row]! * minuteMs),
    confidenceOf: (row) => confidence[row]!,
    probabilityOf: (row) => probability?.[row] ?? null,
  });
  await storeReviewRound(platform, items, signal);
  return { roundId, picked: items.length, shownBefore, budget };
}
