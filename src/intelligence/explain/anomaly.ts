import {
  QuarterdeckError,
  shiftTimestamp,
  toTimestamp,
  type Contribution,
  type ExplainRequest,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';

/** The anomaly that is explained. */
export interface Anomaly {
  readonly instance: string;
  readonly at: Timestamp;
  readonly model: string;
  readonly modelVersion: string | null;
  readonly score: number;
  readonly confidence: number;
  readonly threshold: number;
  /** Largest first. */
  readonly contributions: readonly Contribution[];
}

/** More than one model may have scored a row; all their scores fit a page. */
const mostScores = 100;
const microsecondMs = 1;

/**
 * The anomaly of a request: the score that it brings, otherwise the stored one, the champion's before others'.
 * @throws NOT_FOUND when there is neither, INPUT_INVALID when the time is none
 */
export async function anomalyOf(
  platform: Pick<Platform, 'warehouse'>,
  request: ExplainRequest,
  signal: AbortSignal,
): Promise<Anomaly> {
  const at = toTimestamp(request.at);
  const { instance, model, modelVersion } = request;
  if (request.score) {
    const { score, confidence, threshold, contributions } = request.score;
    return {
      instance,
      at,
      model: model ?? 'anomaly',
      modelVersion: modelVersion ?? null,
      score,
      confidence,
      threshold,
      contributions: largestFirst(contributions),
    };
  }
  const stored = await platform.warehouse.anomalyScores(
    { instance, from: at, to: shiftTimestamp(at, microsecondMs), limit: mostScores },
    signal,
  );
  const fitting = stored.filter(
    (row) =>
      row.at === at &&
      (model === undefined || row.model === model) &&
      (modelVersion === undefined || row.modelVersion === modelVersion),
  );
  const row = fitting.find(({ role }) => role === 'champion') ?? fitting[0];
  if (!row) {
    throw new QuarterdeckError('NOT_FOUND', `no score is stored for ${instance} at ${at}; send one along`, {
      culprit: { field: 'at' },
    });
  }
  return {
    instance,
    at,
    model: row.model,
    modelVersion: row.modelVersion,
    score: row.score,
    confidence: row.confidence,
    threshold: row.threshold,
    contributions: largestFirst(JSON.parse(row.contributionsJson) as Contribution[]),
  };
}

function largestFirst(contributions: readonly Contribution[]): Contribution[] {
  return contributions.toSorted((a, b) => b.contribution - a.contribution);
}
