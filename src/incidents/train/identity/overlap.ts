import { noiseCluster } from '../../../contracts';

/** How the members of two clusterings of the same rows coincide; every count is a weighted number of rows. */
export interface Overlap {
  /** `shared[next][previous]`: rows that both put there. */
  readonly shared: readonly (readonly number[])[];
  /** Rows of each new cluster, those included that the previous model calls noise. */
  readonly nextTotals: readonly number[];
  /** Rows that the previous model puts into each of its clusters, those included that are noise now. */
  readonly previousTotals: readonly number[];
}

/**
 * @param nextLabels one cluster number (or noise) per row under the new model
 * @param previousLabels the same rows as the previous model predicts them
 * @param weights how many rows each row stands for, when they are a sample
 */
export function countOverlap(
  nextLabels: ArrayLike<number>,
  previousLabels: ArrayLike<number>,
  counts: { next: number; previous: number },
  weights?: ArrayLike<number>,
): Overlap {
  const shared = Array.from({ length: counts.next }, () => Array.from({ length: counts.previous }, () => 0));
  const nextTotals = Array.from({ length: counts.next }, () => 0);
  const previousTotals = Array.from({ length: counts.previous }, () => 0);
  for (let row = 0; row < nextLabels.length; row++) {
    const next = nextLabels[row]!;
    const previous = previousLabels[row]!;
    const weight = weights?.[row] ?? 1;
    if (next !== noiseCluster) nextTotals[next]! += weight;
    if (previous !== noiseCluster) previousTotals[previous]! += weight;
    if (next !== noiseCluster && previous !== noiseCluster) shared[next]![previous]! += weight;
  }
  return { shared, nextTotals, previousTotals };
}
