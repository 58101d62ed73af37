import {
  explainQueue,
  toTimestamp,
  type AnomalyScore,
  type Contribution,
  type ExplainMessage,
  type ScoreRole,
  type Timestamp,
} from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { rowOf } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import type { Classified, ServedModel } from './servedModel';

/** What a model said of rows, row by row. */
export interface ScoredRow {
  readonly score: number;
  readonly label: number;
  /** Probability of the label. */
  readonly confidence: number;
  readonly contributions: readonly Contribution[];
}

/**
 * @param limit features per row; 0 for none
 * @param onlyAnomalies explains rows labelled 1 alone: of thousands that is a handful
 */
export async function scoredRows(
  model: ServedModel,
  rows: Matrix,
  { labels, probabilities }: Classified,
  { limit, onlyAnomalies }: { readonly limit: number; readonly onlyAnomalies: boolean },
  signal: AbortSignal,
): Promise<ScoredRow[]> {
  const wanted: number[] = [];
  for (let row = 0; row < rows.n; row++) {
    if (limit > 0 && (!onlyAnomalies || labels[row] === 1n)) wanted.push(row);
  }
  const contributions = new Map<number, readonly Contribution[]>();
  if (wanted.length > 0) {
    const part = wanted.length === rows.n ? rows : selected(rows, wanted);
    const found = await model.contributions(part, limit, signal);
    wanted.forEach((row, index) => contributions.set(row, found[index]!));
  }
  return Array.from({ length: rows.n }, (_, row) => {
    const label = Number(labels[row]);
    const score = probabilities[2 * row + 1]!;
    const confidence = label === 1 ? score : probabilities[2 * row]!;
    return { score, label, confidence, contributions: contributions.get(row) ?? [] };
  });
}

function selected(rows: Matrix, wanted: readonly number[]): Matrix {
  const values = new Float32Array(wanted.length * rows.d);
  wanted.forEach((row, index) => values.set(rowOf(rows, row), index * rows.d));
  return { values, n: wanted.length, d: rows.d };
}

export interface StoredAbout {
  readonly model: ServedModel;
  readonly role: ScoreRole;
  readonly instance: string;
  readonly unit: string;
  /** Time of each row. */
  readonly times: readonly Timestamp[];
  readonly tookMs: number;
}

/** Scores as the table keeps them. */
export function storedScores(
  { clock }: Pick<Platform, 'clock'>,
  { model, role, instance, unit, times, tookMs }: StoredAbout,
  rows: readonly ScoredRow[],
): AnomalyScore[] {
  const scoredAt = toTimestamp(clock.now());
  return rows.map(({ score, label, confidence, contributions }, row) => ({
    instance,
    at: times[row]!,
    model: model.name,
    modelVersion: model.version,
    role,
    unit,
    score,
    label,
    confidence,
    threshold: model.threshold,
    contributionsJson: JSON.stringify(contributions),
    latencyMs: tookMs,
    scoredAt,
  }));
}

/** Asks for explanations of anomalies that are certain enough. @returns how many */
export async function requestExplanations(
  { queues, settings }: Pick<Platform, 'queues' | 'settings'>,
  scores: readonly AnomalyScore[],
  signal: AbortSignal,
): Promise<number> {
  const messages = scores
    .filter(({ label, confidence }) => label === 1 && confidence > settings.ANOMALY_EXPLAIN_CONFIDENCE)
    .map(({ instance, at, model, modelVersion }): ExplainMessage => ({ instance, at, model, modelVersion }));
  if (messages.length > 0) await queues.send(explainQueue, messages, signal);
  return messages.length;
}
