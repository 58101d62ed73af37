import { isQuarterdeckError, QuarterdeckError, type Embedder } from '../../contracts';

/** What became of one text: its vector, or why it has none. */
export type Embedded =
  | { readonly vector: Float32Array }
  | {
      readonly reason: 'TEXT_REJECTED' | 'TEXT_WITHOUT_CONTENT' | 'VECTOR_NOT_FINITE';
      readonly detail: string;
    };

/** Texts of one call that may be to blame; beyond them it is the service. */
const refusedTexts = 16;
/** A text that every service takes, to tell a bad text from a service that refuses everything. */
const harmlessText = 'The printer does not print.';

/**
 * Embeds texts in bulk. A text that the embedder names as the culprit is left out and the others are embedded; when
 * it refuses all of them, and a harmless one too, its error is thrown, because then no text is to blame.
 * @throws EMBEDDING_MALFORMED for a wrong count or width, and what the embedder throws.
 */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embedded[]> {
  const results: Embedded[] = [];
  const remaining = texts.map((text, index) => ({ text, index }));
  while (remaining.length > 0) {
    try {
      const wanted = remaining.map(({ text }) => text);
      const vectors = checked(embedder, await embedder.embed(wanted, { signal }), wanted.length);
      remaining.forEach(({ index }, position) => {
        results[index] = judged(vectors[position]!);
      });
      return results;
    } catch (error) {
      const culprit = culpritOf(error, remaining.length);
      if (culprit === undefined || texts.length - remaining.length >= refusedTexts) throw error;
      const { index } = remaining[culprit.position]!;
      remaining.splice(culprit.position, 1);
      results[index] = { reason: 'TEXT_REJECTED', detail: culprit.why };
    }
  }
  if (texts.length > 0) await embedder.embed([harmlessText], { signal });
  return results;
}

/** The position of the text that the embedder blames, if it blames one. */
function culpritOf(error: unknown, count: number): { position: number; why: string } | undefined {
  const refused =
    isQuarterdeckError(error, 'EMBEDDING_REJECTED') || isQuarterdeckError(error, 'EMBEDDING_MALFORMED');
  if (!refused) return undefined;
  const { row } = error.culprit;
  return row !== undefined && row >= 0 && row < count ? { position: row, why: error.message } : undefined;
}

function checked(
  embedder: Embedder,
  vectors: readonly Float32Array[],
  count: number,
): readonly Float32Array[] {
  const wrong = vectors.find((vector) => vector.length !== embedder.width);
  if (vectors.length === count && !wrong) return vectors;
  const found = wrong
    ? `a vector of width ${wrong.length}, expected ${embedder.width}`
    : `${vectors.length} vectors for ${count} texts`;
  throw new QuarterdeckError('EMBEDDING_MALFORMED', `${embedder.model} gave ${found}`, {
    culprit: { service: embedder.model },
  });
}

function judged(vector: Float32Array): Embedded {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!Number.isFinite(square)) {
    return { reason: 'VECTOR_NOT_FINITE', detail: 'the embedding holds a value that is no finite number' };
  }
  return square === 0
    ? { reason: 'TEXT_WITHOUT_CONTENT', detail: 'the embedder knows nothing in the text' }
    : { vector };
}
