import { z } from 'zod';
import { reviewReasons, reviewVerdictSchema } from './anomaly';
import type { Operation } from './api';

/** Reviewing over HTTP: the queue, verdicts, undo, and what reviewers make of it together. */

const idSchema = z.string().min(1).max(200);
/** Who judges: a name or address, as the caller is known. */
export const reviewerSchema = z.string().trim().min(1).max(200);
const mostItems = 500;

export const reviewQueueQuerySchema = z.strictObject({
  roundId: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(mostItems).default(20),
});

const reviewItemSchema = z.object({
  itemId: z.string(),
  instance: z.string(),
  at: z.string(),
  isolationScore: z.number(),
  band: z.string(),
  probability: z.number().nullable(),
  reason: z.enum(reviewReasons),
  /** Why it was picked, for the reviewer. */
  explanation: z.string(),
  priority: z.number(),
  roundId: z.string(),
  pickedAt: z.string(),
});

export const reviewQueueSchema = z.object({
  items: z.array(reviewItemSchema),
  /** Items without a standing verdict, counted up to a bound. */
  open: z.number().int(),
});
export type ReviewQueue = z.infer<typeof reviewQueueSchema>;

export const submitReviewSchema = z.strictObject({
  itemId: idSchema,
  reviewer: reviewerSchema,
  verdict: reviewVerdictSchema,
  note: z.string().max(2_000).optional(),
  secondsSpent: z.number().min(0).max(86_400).optional(),
});
export type SubmitReview = z.infer<typeof submitReviewSchema>;

const reviewSchema = z.object({
  reviewId: z.string(),
  itemId: z.string(),
  instance: z.string(),
  at: z.string(),
  reviewer: z.string(),
  verdict: reviewVerdictSchema.nullable(),
  undoes: z.string().nullable(),
  note: z.string().nullable(),
  secondsSpent: z.number().nullable(),
  reviewedAt: z.string(),
});

export const undoReviewParamsSchema = z.strictObject({ reviewId: idSchema });
export const undoReviewSchema = z.strictObject({ reviewer: reviewerSchema });

export const reviewListQuerySchema = z.strictObject({
  itemId: idSchema.optional(),
  instance: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(200),
});

export const reviewListSchema = z.object({
  /** The audit: everything that was ever said, in order. */
  reviews: z.array(reviewSchema),
  agreement: z.object({
    /** Items with verdicts of two or more reviewers. */
    items: z.number().int(),
    disagreeing: z.number().int(),
    /** Fleiss' kappa generalised to any number of reviewers an item (Krippendorff's alpha, nominal); null without pairs. */
    alpha: z.number().nullable(),
  }),
});
export type ReviewList = z.infer<typeof reviewListSchema>;

export const reviewOperations = {
  reviewQueue: {
    id: 'reviewQueue',
    method: 'GET',
    route: 'api/reviews/next',
    summary: 'Rows that wait for a verdict, most useful first, each with the reason why it was picked.',
    access: 'function',
    query: reviewQueueQuerySchema,
    answer: reviewQueueSchema,
  },
  submitReview: {
    id: 'submitReview',
    method: 'POST',
    route: 'api/reviews',
    summary: 'A verdict on a row: anomaly, normal or skip.',
    access: 'function',
    body: submitReviewSchema,
    answer: reviewSchema,
  },
  undoReview: {
    id: 'undoReview',
    method: 'POST',
    route: 'api/reviews/{reviewId}/undo',
    summary: 'Takes a verdict back; both stay in the audit.',
    access: 'function',
    params: undoReviewParamsSchema,
    body: undoReviewSchema,
    answer: reviewSchema,
  },
  reviews: {
    id: 'reviews',
    method: 'GET',
    route: 'api/reviews',
    summary: 'Everything that was said, in order, and how far reviewers agree.',
    access: 'function',
    query: reviewListQuerySchema,
    answer: reviewListSchema,
  },
} as const satisfies Record<string, Operation>;
