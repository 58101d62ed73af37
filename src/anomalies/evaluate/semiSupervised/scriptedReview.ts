import { timestampMs, toTimestamp } from '../../../contracts';
import {
  memoryReviews,
  reviewItemsOf,
  reviewQueue,
  selectForReview,
  standingVerdicts,
  storeReviewRound,
  submitReview,
  type ReviewBudget,
  type ReviewCandidates,
  type ReviewPlatform,
} from '../../review';

/** A reviewer who always knows, at the real queue. */
export interface ScriptedReview {
  /** Selects rows, puts them into the queue and answers until it is empty. @returns how many rows were shown. */
  round(
    candidates: Omit<ReviewCandidates, 'instances' | 'minutes' | 'shown'>,
    budget: ReviewBudget,
  ): Promise<number>;
  /** By row: 1 anomaly, 0 normal, −1 not asked. */
  verdicts(): Promise<Int8Array>;
}

const reviewer = 'scripted';
const minuteMs = 60_000;
/** Kept apart from 0, so that every minute has a timestamp of its own day. */
const firstMs = Date.parse('2026-01-05T00:00:00Z');

/** @param truth what the reviewer answers, by row. */
export function scriptedReview(
  instances: readonly string[],
  minutes: ArrayLike<number>,
  truth: ArrayLike<number>,
): ScriptedReview {
  let ids = 0;
  let rounds = 0;
  const platform: ReviewPlatform = {
    warehouse: memoryReviews(),
    clock: { now: () => firstMs },
    newId: () => `r-${++ids}`,
    telemetry: { metric: () => undefined },
  };
  const { signal } = new AbortController();
  const at = (row: number): string => toTimestamp(firstMs + minutes[row]! * minuteMs);
  const rowOfKey = new Map<string, number>();
  const shown = new Uint8Array(instances.length);
  const key = (instance: string, minute: number): string => `${instance}\n${minute}`;
  return {
    async round(candidates, budget) {
      const { picked } = selectForReview({ ...candidates, instances, minutes, shown }, budget);
      for (const { row } of picked) {
        shown[row] = 1;
        rowOfKey.set(key(instances[row]!, minutes[row]!), row);
      }
      const roundId = `round-${++rounds}`;
      const items = reviewItemsOf(picked, {
        roundId,
        pickedAt: toTimestamp(firstMs),
        instanceOf: (row) => instances[row]!,
        timeOf: at,
        confidenceOf: (row) => candidates.confidence[row]!,
        probabilityOf: (row) => candidates.probability?.[row] ?? null,
      });
      await storeReviewRound(platform, items, signal);
      let answered = 0;
      for (;;) {
        const waiting = await reviewQueue(platform, { roundId, limit: picked.length }, signal);
        if (waiting.items.length === 0) return answered;
        for (const item of waiting.items) {
          const row = rowOfKey.get(key(item.instance, (timestampMs(item.at) - firstMs) / minuteMs))!;
          const verdict = truth[row] === 1 ? 'anomaly' : 'normal';
          await submitReview(platform, { itemId: item.itemId, reviewer, verdict }, signal);
          answered++;
        }
      }
    },
    async verdicts() {
      const answers = new Int8Array(instances.length).fill(-1);
      for (const { instance, at: when, verdict } of await standingVerdicts(platform, {}, signal)) {
        const row = rowOfKey.get(key(instance, (timestampMs(when) - firstMs) / minuteMs));
        if (row !== undefined) answers[row] = verdict === 'anomaly' ? 1 : 0;
      }
      return answers;
    },
  };
}
