import type { Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { bootstrapInterval, rowSilhouettes, type BootstrapInterval } from '../../learn/score';

export interface ClusterScore {
  /** Silhouette of each row; a row left as noise scores 0, as a row alone in its cluster does. */
  readonly ofRow: Float64Array;
  /** Mean of `ofRow`: what clusterings are compared by. */
  readonly mean: number;
  /** Mean over the rows that have a cluster. */
  readonly silhouette: number;
  readonly noiseShare: number;
}

/** Undefined with fewer than two clusters among the rows. */
export async function scoreClusters(
  rows: Matrix,
  cluster: Int32Array,
  random: Random,
  control: RunControl,
): Promise<ClusterScore | undefined> {
  const found = new Set(cluster);
  found.delete(-1);
  if (found.size < 2) return undefined;
  const scored = await rowSilhouettes(rows, cluster, { metric: 'euclidean' }, random, control);
  const ofRow = new Float64Array(rows.n);
  scored.rows.forEach((row, index) => (ofRow[row] = scored.values[index]!));
  const placed = scored.rows.length / rows.n;
  return { ofRow, mean: scored.mean * placed, silhouette: scored.mean, noiseShare: 1 - placed };
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
