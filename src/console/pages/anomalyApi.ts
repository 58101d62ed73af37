import type {
  ExplanationDocument,
  ExplanationList,
  ReviewList,
  ReviewQueue,
  ReviewVerdict,
  ScoredInstances,
  Surroundings,
} from '../../contracts';
import { get, post, query } from './api';

type Review = ReviewList['reviews'][number];

/** As many rows as a reviewer is given at once. */
const queueLimit = '50';

/** What the pages on anomalies ask for. */
export const anomalyApi = {
  instances: (days: number, signal: AbortSignal) =>
    get<ScoredInstances>(`/api/anomalies/instances?${query({ days: String(days) })}`, signal),
  surroundings: (instance: string, at: string, signal: AbortSignal) =>
    get<Surroundings>(`/api/anomalies/surroundings?${query({ instance, at, limit: '8' })}`, signal),
  reviewQueue: (signal: AbortSignal) =>
    get<ReviewQueue>(`/api/reviews/next?${query({ limit: queueLimit })}`, signal),
  submitReview: (
    review: { itemId: string; reviewer: string; verdict: ReviewVerdict; secondsSpent: number },
    signal: AbortSignal,
  ) => post<Review>('/api/reviews', review, signal),
  undoReview: (reviewId: string, reviewer: string, signal: AbortSignal) =>
    post<Review>(`/api/reviews/${encodeURIComponent(reviewId)}/undo`, { reviewer }, signal),
  reviews: (instance: string, signal: AbortSignal) =>
    get<ReviewList>(`/api/reviews?${query({ instance, limit: '5000' })}`, signal),
  explain: (
    row: { instance: string; at: string; model: string; modelVersion: string },
    signal: AbortSignal,
  ) => post<ExplanationDocument>('/api/explain', row, signal),
  explanations: (instance: string, signal: AbortSignal) =>
    get<ExplanationList>(`/api/explanations?${query({ instance, limit: '200' })}`, signal),
  explanation: (id: string, signal: AbortSignal) =>
    get<ExplanationDocument>(`/api/explanations/${encodeURIComponent(id)}`, signal),
};
