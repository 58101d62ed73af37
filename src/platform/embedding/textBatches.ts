/** A run of texts that goes out in one request; `rows` are their places in the caller's list. */
export interface TextBatch {
  readonly rows: readonly number[];
  readonly texts: readonly string[];
}

export interface BatchLimits {
  readonly texts: number;
  readonly tokens: number;
  readonly tokensPerText: number;
}

/** English text has about four bytes a token; three is on the safe side for most others. */
const bytesPerToken = 3;

/** How many tokens a text has at most in all likelihood: no tokenizer is at hand for every service. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/**
 * Splits texts into requests within the limits, in order. Blank texts are left out, because services refuse them;
 * a text over its own limit is cut, at a whole character.
 */
export function batchTexts(texts: readonly string[], limits: BatchLimits): TextBatch[] {
  const batches: TextBatch[] = [];
  let rows: number[] = [];
  let batch: string[] = [];
  let tokens = 0;
  const close = (): void => {
    if (rows.length > 0) batches.push({ rows, texts: batch });
    rows = [];
    batch = [];
    tokens = 0;
  };
  texts.forEach((text, row) => {
    if (text.trim() === '') return;
    const cut = cutToTokens(text, limits.tokensPerText);
    const cost = estimateTokens(cut);
    if (rows.length >= limits.texts || tokens + cost > limits.tokens) close();
    rows.push(row);
    batch.push(cut);
    tokens += cost;
  });
  close();
  return batches;
}

function cutToTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= tokens * bytesPerToken) return text;
  // `stream` keeps back a character that the cut split.
  return new TextDecoder().decode(bytes.subarray(0, tokens * bytesPerToken), { stream: true });
}
