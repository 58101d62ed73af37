import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReviewQueue, ReviewVerdict } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { ApiError } from './api';

export type ReviewItem = ReviewQueue['items'][number];

interface Given {
  readonly item: ReviewItem;
  readonly verdict: ReviewVerdict;
  readonly reviewId: string;
}

interface Session {
  readonly state: 'loading' | 'ready';
  /** What this reviewer was given and has not judged yet. */
  readonly waiting: readonly ReviewItem[];
  /** Rows of everybody without a verdict, when the queue was last read, less those judged since. */
  readonly open: number;
  readonly given: readonly Given[];
  readonly error: ApiError | undefined;
}

export interface ReviewSession extends Session {
  readonly busy: boolean;
  readonly submit: (verdict: ReviewVerdict) => void;
  readonly undo: () => void;
  readonly reload: () => void;
}

/**
 * One person's way through the queue. One request at a time: a key that is pressed while one is under way is
 * dropped, so that no row is judged unseen. What could not be stored stays in front, with the reason.
 */
export function useReviewSession(reviewer: string): ReviewSession {
  const [session, setSession] = useState<Session>({
    state: 'loading',
    waiting: [],
    open: 0,
    given: [],
    error: undefined,
  });
  const [busy, setBusy] = useState(false);
  const underWay = useRef(false);
  const shownAt = useRef(performance.now());
  const ended = useRef(new AbortController());
  const current = session.waiting[0];
  useEffect(() => {
    shownAt.current = performance.now();
  }, [current?.itemId]);

  const alone = (work: (signal: AbortSignal) => Promise<void>): void => {
    if (underWay.current) return;
    underWay.current = true;
    setBusy(true);
    const { signal } = ended.current;
    void work(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const failure = error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', String(error));
        setSession((before) => ({ ...before, state: 'ready', error: failure }));
      })
      .finally(() => {
        underWay.current = false;
        setBusy(false);
      });
  };

  const read = async (signal: AbortSignal): Promise<void> => {
    const { items, open } = await anomalyApi.reviewQueue(signal);
    setSession((before) => ({ ...before, state: 'ready', waiting: items, open, error: undefined }));
  };

  useEffect(() => {
    ended.current = new AbortController();
    alone(read);
    return () => ended.current.abort();
  }, []);

  return {
    ...session,
    busy,
    reload: () => alone(read),
    submit(verdict) {
      if (!current) return;
      alone(async (signal) => {
        const secondsSpent = Math.round(performance.now() - shownAt.current) / 1000;
        const { reviewId } = await anomalyApi.submitReview(
          { itemId: current.itemId, reviewer, verdict, secondsSpent: Math.min(secondsSpent, mostSeconds) },
          signal,
        );
        const waiting = session.waiting.slice(1);
        setSession((before) => ({
          ...before,
          waiting,
          open: Math.max(0, before.open - 1),
          given: [...before.given, { item: current, verdict, reviewId }],
          error: undefined,
        }));
        if (waiting.length === 0) await read(signal);
      });
    },
    undo() {
      const last = session.given.at(-1);
      if (!last) return;
      alone(async (signal) => {
        await anomalyApi.undoReview(last.reviewId, reviewer, signal);
        setSession((before) => ({
          ...before,
          waiting: [last.item, ...before.waiting.filter(({ itemId }) => itemId !== last.item.itemId)],
          open: before.open + 1,
          given: before.given.slice(0, -1),
          error: undefined,
        }));
      });
    },
  };
}

/** A tab left open overnight says nothing about the row. */
const mostSeconds = 3_600;
