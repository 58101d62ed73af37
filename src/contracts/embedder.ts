/** Turns texts into vectors. A local embedder is itself a trained and versioned model. */
export interface Embedder {
  /** Name and version, stored beside every vector it made. Vectors of different models are never mixed. */
  readonly model: string;
  readonly width: number;
  /**
   * @returns one vector of length `width` per text, in order, unit length (all zero for a text without content).
   * @throws EMBEDDING_* with the index of the text where one is the culprit.
   */
  embed(texts: readonly string[], options: { signal: AbortSignal }): Promise<Float32Array[]>;
}
