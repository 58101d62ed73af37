import { z } from 'zod';
import type { ModelVersion } from './model';
import type { Timestamp } from './timestamp';

/** Scores, reviews and explanations of anomalies, as the warehouse keeps them. */

/** Models that can be asked by name, beside the routed name. */
export const anomalyModelNames = ['xgboost_anomaly', 'catboost_anomaly', 'isolation_forest'] as const;
export const anomalyModelNameSchema = z.enum(anomalyModelNames);
export type AnomalyModelName = z.infer<typeof anomalyModelNameSchema>;
/** Goes to the champion or the challenger, as the routing says. */
export const routedModelName = 'anomaly';

/** Why a model scored a row: asked by name, chosen by routing, or silently beside the one that answered. */
export const scoreRoles = ['champion', 'challenger', 'shadow', 'named'] as const;
export type ScoreRole = (typeof scoreRoles)[number];

/** How much one feature moved a score. */
export interface Contribution {
  readonly feature: string;
  /** The feature's value in the row; null when it was missing. */
  readonly value: number | null;
  /** In log-odds: above 0 speaks for an anomaly. */
  readonly contribution: number;
}

export interface AnomalyScore {
  readonly instance: string;
  /** Time of the row that was scored. */
  readonly at: Timestamp;
  readonly model: AnomalyModelName;
  readonly modelVersion: ModelVersion;
  readonly role: ScoreRole;
  /** What routing hashed: the user or the instance. */
  readonly unit: string;
  /** Calibrated probability of an anomaly. */
  readonly score: number;
  /** 1 for an anomaly. */
  readonly label: number;
  /** Probability of the label given: in [0.5, 1] when the threshold is one half. */
  readonly confidence: number;
  readonly threshold: number;
  /** JSON list of `Contribution`, largest first; `[]` when none were asked for. */
  readonly contributionsJson: string;
  readonly latencyMs: number;
  readonly scoredAt: Timestamp;
}

/** Why a row is shown to a person. */
export const reviewReasons = [
  'low-confidence',
  'high-impact',
  'borderline-normal',
  'uncertain-and-diverse',
  'asked-for',
] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/** A row that waits for, or had, a person's verdict. */
export interface ReviewItem {
  readonly itemId: string;
  readonly instance: string;
  readonly at: Timestamp;
  /** Isolation Forest score on the −1…1 scale: below 0 is anomalous. */
  readonly isolationScore: number;
  readonly band: string;
  /** Probability by the supervised model at the time of picking; null before there is one. */
  readonly probability: number | null;
  readonly reason: ReviewReason;
  readonly explanation: string;
  /** Higher is shown earlier. */
  readonly priority: number;
  /** The selection that picked it. */
  readonly roundId: string;
  readonly pickedAt: Timestamp;
}

export const reviewVerdictSchema = z.enum(['anomaly', 'normal', 'skip']);
export type ReviewVerdict = z.infer<typeof reviewVerdictSchema>;

/** One verdict. Rows are only added: an undo is a row that names the one it takes back. */
export interface Review {
  readonly reviewId: string;
  readonly itemId: string;
  readonly instance: string;
  readonly at: Timestamp;
  readonly reviewer: string;
  /** Null in a row that only takes another one back. */
  readonly verdict: ReviewVerdict | null;
  readonly undoes: string | null;
  readonly note: string | null;
  readonly secondsSpent: number | null;
  readonly reviewedAt: Timestamp;
}

export interface StoredExplanation {
  readonly explanationId: string;
  readonly instance: string;
  readonly at: Timestamp;
  /** `pending`, `done` or `failed`. */
  readonly status: string;
  /** The explanation's document; empty object while pending. */
  readonly documentJson: string;
  readonly requestedAt: Timestamp;
  readonly finishedAt: Timestamp | null;
  readonly errorCode: string | null;
}
