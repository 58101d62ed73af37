import type { StoredExplanation } from '../../contracts';

export interface ExplanationOperations {
  /** Stores explanations by id. */
  mergeExplanations(rows: readonly StoredExplanation[], signal: AbortSignal): Promise<void>;
  explanation(explanationId: string, signal: AbortSignal): Promise<StoredExplanation | undefined>;
  /** Newest first. */
  explanations(
    query: { readonly instance?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<StoredExplanation[]>;
}
