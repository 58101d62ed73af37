import { seededRandom, type Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { bootstrapInterval, rowSilhouettes, type BootstrapInterval } from '../../learn/score';

export interface ClusterScore {
  /** Silhouette of each scored row; a row left as noise scores 0, as a row alone in its cluster does. */
  readonly ofRow: Float64Array;
  /** Mean of `ofRow`: what clusterings are compared by. */
  readonly mean: number;
  /** Mean over the rows that have a cluster. */
  readonly silhouette: number;
  readonly noiseShare: number;
  /** Rows of the largest cluster, of all that have one. */
  readonly largestShare: number;
}

/**
 * Scores rows against all rows. Undefined with fewer than two clusters.
 * @param scored numbers of the rows to score, ascending
 */
export async function scoreClusters(
  rows: Matrix,
  cluster: Int32Array,
  scored: Int32Array,
  control: RunControl,
): Promise<ClusterScore | undefined> {
  const sizes = new Map<number, number>();
  for (const label of cluster) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  if (sizes.size < 2) return undefined;
  const { values, mean } = await rowSilhouettes(
    rows,
    cluster,
    { metric: 'euclidean', scored },
    // Every row takes part: no random draw is left to make.
    seededRandom(0),
    control,
  );
  const ofRow = new Float64Array(scored.length);
  let next = 0;
  scored.forEach((row, index) => {
    if (cluster[row]! >= 0) ofRow[index] = values[next++]!;
  });
  const placed = next / scored.length;
  const clustered = sizesTotal(sizes);
  return {
    ofRow,
    mean: placed > 0 ? mean * placed : 0,
    silhouette: placed > 0 ? mean : 0,
    noiseShare: 1 - placed,
    largestShare: Math.max(...sizes.values()) / clustered,
  };
}

function sizesTotal(sizes: ReadonlyMap<number, number>): number {
  let total = 0;
  for (const size of sizes.values()) total += size;
  return total;
}

export interface IntervalOptions {
  /** Samples drawn. */
  readonly resamples: number;
  /** Share of the distribution inside the interval. */
  readonly confidence: number;
  /** Group of each row, where rows belong together; see `bootstrapInterval`. */
  readonly groups?: ArrayLike<number>;
}

/** Percentile interval of the mean of values of rows, by drawing rows (or whole groups of them) with putting back. */
export function intervalOfMean(
  values: Float64Array,
  random: Random,
  options: IntervalOptions,
): BootstrapInterval {
  const mean = (drawn: Int32Array): number => {
    let sum = 0;
    for (let index = 0; index < drawn.length; index++) sum += values[drawn[index]!]!;
    return sum / drawn.length;
  };
  return bootstrapInterval(mean, values.length, random, options);
}
