/** A chat model behind any OpenAI-compatible endpoint. */
export interface LanguageModel {
  readonly model: string;
  /**
   * One answer to one prompt. Untrusted text belongs into `data`, which is fenced and never obeyed.
   * @throws LANGUAGE_MODEL_UNAVAILABLE, LANGUAGE_MODEL_REJECTED, CREDENTIAL_REJECTED, DEADLINE_EXCEEDED
   */
  complete(request: LanguageModelRequest): Promise<LanguageModelAnswer>;
}

export interface LanguageModelRequest {
  readonly instructions: string;
  readonly data: string;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

export interface LanguageModelAnswer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}
