import {
  explanationDocumentSchema,
  QuarterdeckError,
  type ExplanationDocument,
  type StoredExplanation,
} from '../../contracts';
import type { Platform } from '../../platform/platform';

/** @throws NOT_FOUND */
export async function readExplanation(
  platform: Pick<Platform, 'warehouse'>,
  explanationId: string,
  signal: AbortSignal,
): Promise<ExplanationDocument> {
  const stored = await platform.warehouse.explanation(explanationId, signal);
  if (!stored) {
    throw new QuarterdeckError('NOT_FOUND', `there is no explanation ${explanationId}`, {
      culprit: { field: 'id' },
    });
  }
  return documentOf(stored);
}

/** Newest first. */
export async function listExplanations(
  platform: Pick<Platform, 'warehouse'>,
  query: { readonly instance?: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<{ explanations: ExplanationSummary[] }> {
  const { instance, limit } = query;
  const rows = await platform.warehouse.explanations(
    { ...(instance !== undefined && { instance }), limit },
    signal,
  );
  return { explanations: rows.map(documentOf).map(summaryOf) };
}

type ExplanationSummary = Pick<
  ExplanationDocument,
  'explanationId' | 'instance' | 'at' | 'score' | 'degraded' | 'explainedAt'
> & { readonly rootCause: string };

function summaryOf(document: ExplanationDocument): ExplanationSummary {
  const { explanationId, instance, at, score, degraded, explainedAt } = document;
  return {
    explanationId,
    instance,
    at,
    score,
    degraded,
    explainedAt,
    rootCause: document.rootCause[0]?.text ?? '',
  };
}

function documentOf({ documentJson }: StoredExplanation): ExplanationDocument {
  return explanationDocumentSchema.parse(JSON.parse(documentJson));
}
