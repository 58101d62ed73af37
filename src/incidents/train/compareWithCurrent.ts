import { seededRandom } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { Task } from '../../learn/threads';
import { hdbscanFromBytes } from '../../learn/cluster';
import { umapFromBytes } from '../../learn/manifold';
import { countOverlap, type Overlap } from './identity/overlap';
import type { Quality } from './gate';
import { qualityOf } from './qualityOf';

/**
 * The current version predicts a sample of the rows that the new one was trained on, for a worker thread: how the
 * members of both coincide, and which separates them better.
 */
export interface ComparisonInput {
  readonly current: { readonly reducer: Uint8Array; readonly clusterer: Uint8Array };
  /** Sampled rows × d, made by the new version's embedder: the space in which both are judged. */
  readonly embeddings: Matrix;
  /** The same rows made by the current version's embedder; left out when that is the same one. */
  readonly currentEmbeddings: Matrix | undefined;
  /** Cluster number of each sampled row in the new version. */
  readonly labels: Int32Array;
  /** How many rows each one stands for. */
  readonly weights: Float64Array;
  readonly clusters: number;
  readonly seed: number;
}

export interface Comparison {
  readonly overlap: Overlap;
  readonly candidate: Quality;
  readonly current: Quality;
}

/** @throws MODEL_BYTES_INVALID, DATA_WIDTH_MISMATCH */
export async function compareWithCurrent(input: ComparisonInput): Promise<Comparison> {
  const reducer = umapFromBytes(input.current.reducer);
  const clusterer = hdbscanFromBytes(input.current.clusterer);
  const reduced = await reducer.transform(input.currentEmbeddings ?? input.embeddings);
  const currentLabels = clusterer.predict(reduced).labels;
  const counts = { next: input.clusters, previous: clusterer.clusterCount };
  const random = seededRandom(input.seed);
  return {
    overlap: countOverlap(input.labels, currentLabels, counts, input.weights),
    // The same stream for both, so that the same rows are drawn where both cluster them.
    candidate: qualityOf(input.embeddings, input.labels, random.fork('silhouette')),
    current: qualityOf(input.embeddings, currentLabels, random.fork('silhouette')),
  };
}

export const compareTask: Task<ComparisonInput, Comparison> = {
  module: __filename,
  name: 'compareWithCurrent',
  call: compareWithCurrent,
};
