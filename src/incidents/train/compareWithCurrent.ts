import { noiseCluster, seededRandom } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';
import type { Task } from '../../learn/threads';
import { hdbscanFromBytes } from '../../learn/cluster';
import { umapFromBytes } from '../../learn/manifold';
import { isWithinReach, type Reach } from '../model/reach';
import { countOverlap, type Overlap } from './identity/overlap';
import type { Quality } from './gate';
import { qualityOf } from './qualityOf';

/**
 * The current version predicts a sample of the rows that the new one was trained on, for a worker thread: how the
 * members of both coincide, and which separates them better.
 */
export interface ComparisonInput {
  /** Sampled rows × d, made by the new version's embedder: the space in which both are judged. */
  readonly embeddings: Matrix;
  /** What the current version says of the same rows. */
  readonly current: CurrentView;
  /** Cluster number of each sampled row in the new version. */
  readonly labels: Int32Array;
  /** How many rows each one stands for. */
  readonly weights: Float64Array;
  readonly clusters: number;
  readonly seed: number;
}

export type CurrentView =
  | {
      readonly reducer: Uint8Array;
      readonly clusterer: Uint8Array;
      /** One per cluster, in order. */
      readonly reaches: readonly Reach[];
      /** The rows made by that version's embedder; undefined when that is the same one. */
      readonly embeddings: Matrix | undefined;
    }
  /** Stored predictions, -1 for rows without one: for when the version's embedder cannot be had any more. */
  | { readonly labels: Int32Array; readonly clusters: number };

export interface Comparison {
  readonly overlap: Overlap;
  readonly candidate: Quality;
  readonly current: Quality;
}

/** @throws MODEL_BYTES_INVALID, DATA_WIDTH_MISMATCH */
export async function compareWithCurrent(input: ComparisonInput): Promise<Comparison> {
  const current = await currentLabels(input);
  const counts = { next: input.clusters, previous: current.clusters };
  const random = seededRandom(input.seed);
  return {
    overlap: countOverlap(input.labels, current.labels, counts, input.weights),
    // The same stream for both, so that the same rows are drawn where both cluster them.
    candidate: qualityOf(input.embeddings, input.labels, random.fork('silhouette')),
    current: qualityOf(input.embeddings, current.labels, random.fork('silhouette')),
  };
}

async function currentLabels(input: ComparisonInput): Promise<{ labels: Int32Array; clusters: number }> {
  const view = input.current;
  if ('labels' in view) return view;
  const embeddings = view.embeddings ?? input.embeddings;
  const reduced = await umapFromBytes(view.reducer).transform(embeddings);
  const clusterer = hdbscanFromBytes(view.clusterer);
  const { labels } = clusterer.predict(reduced);
  return {
    clusters: clusterer.clusterCount,
    labels: labels.map((label, row) =>
      label !== noiseCluster && isWithinReach(view.reaches[label]!, rowOf(embeddings, row))
        ? label
        : noiseCluster,
    ),
  };
}

export const compareTask: Task<ComparisonInput, Comparison> = {
  module: __filename,
  name: 'compareWithCurrent',
  call: compareWithCurrent,
};
