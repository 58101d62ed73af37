import type {
  ExplanationDocument,
  ExplanationList,
  ModelTable,
  ReviewList,
  ReviewQueue,
  ReviewVerdict,
  RoutingStatus,
  RoutingTest,
  ScoredInstances,
  ScoreSeries,
  Surroundings,
} from '../../contracts';
import { get, post, query } from './api';

type Review = ReviewList['reviews'][number];

/** Made-up units that a routing test splits. */
export const routingTestUnits = 1_000;
/** As many rows as a reviewer is given at once. */
const queueLimit = '50';

/** What the pages on anomalies ask for. */
export const anomalyApi = {
  instances: (days: number, signal: AbortSignal) =>
    get<ScoredInstances>(`/api/anomalies/instances?${query({ days: String(days) })}`, signal),
  scores: (instance: string, limit: number, signal: AbortSignal) =>
    get<ScoreSeries>(`/api/anomalies/scores?${query({ instance, limit: String(limit) })}`, signal),
  models: (signal: AbortSignal) => get<ModelTable>('/api/models/anomaly', signal),
  routing: (signal: AbortSignal) => get<RoutingStatus>('/api/routing', signal),
  testRouting: (unit: string | undefined, signal: AbortSignal) =>
    get<RoutingTest>(
      `/api/routing/test?${query({ units: String(routingTestUnits), ...(unit !== undefined && { unit }) })}`,
      signal,
    ),
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
