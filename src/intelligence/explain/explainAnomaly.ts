import { createHash } from 'node:crypto';
import {
  isQuarterdeckError,
  toTimestamp,
  type ExplainRequest,
  type ExplanationDocument,
  type Timestamp,
} from '../../contracts';
import { finishRun, startRun } from '../../platform/pipelineRun';
import type { Platform } from '../../platform/platform';
import { anomalyOf, type Anomaly } from './anomaly';
import { allEvidence, gatherEvidence } from './evidence';
import { isLanguageFailure, writeByLanguageModel } from './writeByLanguageModel';
import { writeByRules, type Sections } from './writeByRules';

/**
 * Explains one anomaly from the evidence that is stored, and keeps the explanation. The same anomaly has one
 * explanation: asking again writes it anew under the same id.
 *
 * @throws NOT_FOUND, INPUT_INVALID, WAREHOUSE_*, EMBEDDING_*, ABORTED
 */
export async function explainAnomaly(
  platform: Platform,
  request: ExplainRequest,
  signal: AbortSignal,
): Promise<ExplanationDocument> {
  const run = startRun(platform, 'explain', request.instance);
  try {
    const anomaly = await anomalyOf(platform, request, signal);
    const document = await explain(platform, anomaly, signal);
    await store(platform, anomaly, document, run.startedAt, signal);
    const counts = { explanations: 1, evidence: document.evidence.length };
    await finishRun(
      platform,
      run,
      document.degraded
        ? { counts, partial: { errorCode: document.degradedReason ?? 'LANGUAGE_MODEL_MALFORMED' } }
        : { counts },
      signal,
    );
    return document;
  } catch (error) {
    await finishRun(platform, run, { error, thrownOn: true }, signal);
    throw error;
  }
}

async function explain(
  platform: Platform,
  anomaly: Anomaly,
  signal: AbortSignal,
): Promise<ExplanationDocument> {
  const gathered = await gatherEvidence(platform, anomaly, signal);
  const evidence = allEvidence(gathered);
  const byRules = writeByRules(anomaly, gathered);
  let sections: Sections = byRules;
  let writtenBy: ExplanationDocument['writtenBy'] = 'rules';
  let degradedReason: string | null = null;
  if (platform.languageModel) {
    try {
      sections = await writeByLanguageModel(platform.languageModel, evidence, byRules, signal);
      writtenBy = 'language-model';
    } catch (error) {
      if (signal.aborted || !isLanguageFailure(error)) throw error;
      degradedReason = error.code;
      platform.telemetry.exception(error, { instance: anomaly.instance });
      platform.telemetry.metric('explanation.degraded', 1, { errorCode: error.code });
    }
  }
  return {
    explanationId: explanationIdOf(anomaly),
    instance: anomaly.instance,
    at: anomaly.at,
    model: anomaly.model,
    modelVersion: anomaly.modelVersion,
    score: anomaly.score,
    confidence: anomaly.confidence,
    writtenBy,
    degraded: degradedReason !== null,
    degradedReason,
    rootCause: [...sections.rootCause],
    impact: [...sections.impact],
    recommendedActions: [...sections.recommendedActions],
    prevention: [...sections.prevention],
    evidence,
    explainedAt: toTimestamp(platform.clock.now()),
  };
}

async function store(
  platform: Platform,
  anomaly: Anomaly,
  document: ExplanationDocument,
  requestedAt: Timestamp,
  signal: AbortSignal,
): Promise<void> {
  const row = {
    explanationId: document.explanationId,
    instance: anomaly.instance,
    at: anomaly.at,
    status: 'done',
    documentJson: JSON.stringify(document),
    requestedAt,
    finishedAt: document.explainedAt,
    errorCode: document.degradedReason,
  };
  await platform.warehouse.mergeExplanations([row], signal);
}

/** The same for the same anomaly, whoever asks: a message that is delivered twice explains once. */
export function explanationIdOf({ instance, at, model, modelVersion }: Anomaly): string {
  return createHash('sha256')
    .update(JSON.stringify([instance, at, model, modelVersion]))
    .digest('hex')
    .slice(0, 32);
}

/** Whether a queued request can never be answered: its score is gone, or was never stored. */
export function isUnanswerable(error: unknown): boolean {
  return isQuarterdeckError(error, 'NOT_FOUND');
}
