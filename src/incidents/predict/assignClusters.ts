import { noiseCluster, type LabeledCluster } from '../../contracts';
import { matrix, rowOf, type Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { ClusteringModel } from '../model/clusteringModel';

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
 * UMAP transform, then HDBSCAN's approximate_predict. A row whose vector is all zero says nothing: it is noise and
 * has no nearest theme either.
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
    const cluster = labels[index]!;
    assignments[row] =
      cluster === noiseCluster
        ? { cluster, confidence: 0, theme: nearestTheme(clusters, rowOf(content, index)) }
        : { cluster, confidence: strengths[index]!, theme: clusters[cluster] };
  });
  return assignments;
}

/** The cluster whose centre is nearest by cosine; undefined when there are none. Centres have unit length. */
export function nearestTheme(
  clusters: readonly LabeledCluster[],
  embedding: Float32Array,
): LabeledCluster | undefined {
  let nearest: LabeledCluster | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const cluster of clusters) {
    let dot = 0;
    for (let column = 0; column < embedding.length; column++) {
      dot += embedding[column]! * cluster.centroid[column]!;
    }
    if (dot > highest) {
      highest = dot;
      nearest = cluster;
    }
  }
  return nearest;
}
