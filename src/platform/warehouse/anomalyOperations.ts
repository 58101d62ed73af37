import type { AnomalyModelName, AnomalyScore, ModelVersion, ScoreRole, Timestamp } from '../../contracts';

export interface ScoreQuery {
  readonly instance?: string;
  readonly model?: AnomalyModelName;
  readonly modelVersion?: ModelVersion;
  readonly role?: ScoreRole;
  /** By the time of the row that was scored, half-open. */
  readonly from?: Timestamp;
  readonly to?: Timestamp;
  readonly limit: number;
}

/** A score together with what people said of the row. */
export interface ScoreOutcome {
  readonly instance: string;
  readonly at: Timestamp;
  readonly model: AnomalyModelName;
  readonly modelVersion: ModelVersion;
  readonly role: ScoreRole;
  readonly unit: string;
  readonly score: number;
  readonly label: number;
  /** 1 when more standing verdicts say anomaly than normal, 0 the other way round; a tie is no outcome. */
  readonly verdict: number;
  readonly scoredAt: Timestamp;
  /** Of the newest verdict that counts. */
  readonly reviewedAt: Timestamp;
}

export interface AnomalyOperations {
  /** Stores scores by (instance, at, model, modelVersion). */
  mergeAnomalyScores(rows: readonly AnomalyScore[], signal: AbortSignal): Promise<void>;
  /** Newest row first. */
  anomalyScores(query: ScoreQuery, signal: AbortSignal): Promise<AnomalyScore[]>;
  /**
   * Scores made in [from, to) whose rows have a verdict, in the order in which the verdicts came. Of one reviewer
   * the last verdict counts; one that was taken back does not, and `skip` says nothing. At most `limit` verdicts are
   * read, the oldest first.
   */
  scoreOutcomes(
    query: { readonly from: Timestamp; readonly to: Timestamp; readonly limit: number },
    signal: AbortSignal,
  ): Promise<ScoreOutcome[]>;
}
