import { decodeEmbedder } from './embedderBytes';
import { sentenceEmbedder, type FittedSentenceEmbedder } from './sentenceEmbedder';

export { classTfIdf, type ClassKeyword, type ClassTfIdfOptions } from './classTfIdf';
export { stem } from './stem';
export { tokenize } from './tokenize';
export { fitSentenceEmbedder } from './sentenceEmbedder';
export type { FittedSentenceEmbedder, SentenceEmbedderOptions } from './sentenceEmbedder';

/** @throws MODEL_BYTES_INVALID when the bytes are no embedder, or are damaged. */
export function sentenceEmbedderFromBytes(bytes: Uint8Array): FittedSentenceEmbedder {
  const { views, map } = decodeEmbedder(bytes);
  return sentenceEmbedder(views, map);
}
