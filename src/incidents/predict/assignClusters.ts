import { noiseCluster, type LabeledCluster } from '../../contracts';
import { matrix, rowOf, type Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { ClusteringModel } from '../model/clusteringModel';
import { cosineTo, isWithinReach } from '../model/reach';

/** Where a model puts one text. */
export interface Assignment {
  /** Cluster number, or -1. */
  readonly cluster: number;
  /** Membership strength in [0, 1]; 0 for noise. */
  readonly confidence: number;
  /** The cluster itself; for noise the nearest theme as a suggestion; undefined for a text without content. */
  readonly theme: LabeledCluster | undefined;
}

/**
 * UMAP transform, then HDBSCAN's approximate_predict; a row out of its cluster's reach is noise. A row whose vector
 * is all zero says nothing: it is noise and has no nearest theme either.
 *
 * @param embeddings n × d, made by the embedder that the model was trained with
 * @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE, ABORTED
 */
export async function assignClusters(
  model: ClusteringModel,
  embeddings: Matrix,
  control: RunControl,
): Promise<Assignment[]> {
  const { clusters } = model.labeled;
  const filled: number[] = [];
  for (let row = 0; row < embeddings.n; row++) {
    if (rowOf(embeddings, row).some((value) => value !== 0)) filled.push(row);
  }
  const assignments: Assignment[] = Array.from({ length: embeddings.n }, () => ({
    cluster: noiseCluster,
    confidence: 0,
    theme: undefined,
  }));
  if (filled.length === 0) return assignments;

  const values = new Float32Array(filled.length * embeddings.d);
  filled.forEach((row, index) => values.set(rowOf(embeddings, row), index * embeddings.d));
  const content = matrix(values, filled.length, embeddings.d);
  const reduced = await model.reducer.transform(content, control);
  const { labels, strengths } = model.clusterer.predict(reduced);
  filled.forEach((row, index) => {
    const embedding = rowOf(content, index);
    const theme = clusters[labels[index]!];
    assignments[row] =
      theme && isWithinReach(theme, embedding)
        ? { cluster: theme.cluster, confidence: strengths[index]!, theme }
        : { cluster: noiseCluster, confidence: 0, theme: nearestTheme(clusters, embedding) };
  });
  return assignments;
}

/** The cluster whose centre is nearest by cosine; undefined when there are none. */
export function nearestTheme(
  clusters: readonly LabeledCluster[],
  embedding: Float32Array,
): LabeledCluster | undefined {
  let nearest: LabeledCluster | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const cluster of clusters) {
    const similarity = cosineTo(cluster.centroid, embedding);
    if (similarity > highest) {
      highest = similarity;
      nearest = cluster;
    }
  }
  return nearest;
}
