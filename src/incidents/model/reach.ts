import { noiseCluster } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';

/**
 * How far a theme reaches. UMAP places every new row among its nearest training rows, however far they are, and so a
 * ticket of a kind never seen would be a firm member of some cluster. The embedding space still knows: a member must
 * be as similar to the cluster's centre as its training members are.
 */
export interface Reach {
  /** Centre in the embedding space, unit length. */
  readonly centroid: ArrayLike<number>;
  /** Lowest cosine to the centre at which a row is still taken for a member. */
  readonly leastSimilarity: number;
}

/** Share of the training members that lie farther out than the edge: the tail is where strays are. */
const tailShare = 0.01;
/**
 * How much farther than the edge a new member may lie: training rows are nearer to their centre than new rows of the
 * same kind, because the embedder was fitted on their like. docs/decisions/0045 has the measurement.
 */
const slack = 2;

/** @returns per cluster the cosine at `slack` times the distance of the first percentile of its members */
export function leastSimilarities(
  embeddings: Matrix,
  labels: Int32Array,
  centroids: readonly Float32Array[],
): number[] {
  const similarities: number[][] = centroids.map(() => []);
  labels.forEach((label, row) => {
    if (label !== noiseCluster)
      similarities[label]!.push(cosineTo(centroids[label]!, rowOf(embeddings, row)));
  });
  return similarities.map((values) => {
    values.sort((a, b) => a - b);
    const edge = values[Math.floor(tailShare * values.length)] ?? -1;
    return Math.max(-1, 1 - slack * (1 - edge));
  });
}

export function isWithinReach(theme: Reach, embedding: Float32Array): boolean {
  return cosineTo(theme.centroid, embedding) >= theme.leastSimilarity;
}

/** Cosine of a row with a centre of unit length; 0 for a row of zeros. */
export function cosineTo(centroid: ArrayLike<number>, row: Float32Array): number {
  let dot = 0;
  let square = 0;
  for (let column = 0; column < row.length; column++) {
    dot += centroid[column]! * row[column]!;
    square += row[column]! ** 2;
  }
  return square > 0 ? dot / Math.sqrt(square) : 0;
}
