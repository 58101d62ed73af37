import { isQuarterdeckError, QuarterdeckError, type Embedder } from '../../contracts';

/** What became of one text: its vector, or why it has none. */
export type Embedded =
  | { readonly vector: Float32Array }
  | {
      readonly reason: 'TEXT_REJECTED' | 'TEXT_WITHOUT_CONTENT' | 'VECTOR_NOT_FINITE';
      readonly detail: string;
    };

/** Requests that may be spent on finding the texts that a service refuses. */
const searchRequests = 64;
/** A text that every service takes, to tell a bad text from a service that refuses everything. */
const harmlessText = 'The printer does not print.';

/**
 * Embeds texts in bulk. When the service refuses a request for its content, the request is halved until the culprits
 * stand alone; when it refuses everything, or so much that the search grows long, the refusal is thrown.
 * @throws EMBEDDING_MALFORMED for a wrong count or width, and what the embedder throws.
 */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embedded[]> {
  const results: Embedded[] = [];
  let requests = 0;
  let refusal: QuarterdeckError | undefined;
  const embedRange = async (start: number, end: number): Promise<void> => {
    if (start === end) return;
    requests++;
    try {
      const vectors = checked(
        embedder,
        await embedder.embed(texts.slice(start, end), { signal }),
        end - start,
      );
      vectors.forEach((vector, offset) => {
        results[start + offset] = judged(vector);
      });
    } catch (error) {
      if (!isQuarterdeckError(error, 'EMBEDDING_REJECTED') || requests > searchRequests) throw error;
      refusal = error;
      if (end - start === 1) {
        results[start] = { reason: 'TEXT_REJECTED', detail: error.message };
        return;
      }
      const middle = (start + end) >> 1;
      await embedRange(start, middle);
      await embedRange(middle, end);
    }
  };
  await embedRange(0, texts.length);
  if (refusal && results.every((result) => 'reason' in result && result.reason === 'TEXT_REJECTED')) {
    // Throws when the service refuses this one too: then no text is to blame.
    await embedder.embed([harmlessText], { signal });
  }
  return results;
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
