import type { Embedder } from '../../contracts';

/** An embedder that needs no training of ours: a remote endpoint, or a sentence-transformer in ONNX. */
export type EmbeddingService = Embedder;
