import type { FeatureSet, MetricDeclaration } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { computeFeatures, type InstanceSeries } from './computeFeatures';
import { featureSetFor } from './featureSet';
import { valueColumns } from './instanceFeatures';

export interface ChosenPairs {
  readonly correlations: readonly (readonly [string, string])[];
  readonly ratios: readonly (readonly [string, string])[];
}

/** Fewer minutes with both values say nothing of a pair. */
const leastMinutes = 30;
const defaultPairs = 10;
/** A pair that moves together by chance, or not at all, gives a feature of noise. */
const leastCorrelation = 0.5;

/**
 * The pairs of metrics that belong together most strongly in `series`, by Pearson's correlation of their values
 * over all minutes: for correlations by its size, for ratios those that rise together and are above 0 throughout,
 * the metric with the smaller name above. No metric is in more than three pairs of a kind, so that one group of
 * near copies does not take all places. The same series give the same pairs.
 *
 * @param series of instances, with the metrics given as columns.
 */
export function choosePairs(
  metrics: readonly MetricDeclaration[],
  series: readonly InstanceSeries[],
  most = defaultPairs,
): ChosenPairs {
  const set = featureSetFor(metrics);
  const moments = new PairMoments(metrics.length);
  for (const one of series) moments.addRows(set, computeFeatures(set, one));
  return pairsBy(moments, metrics, most);
}

/** As `choosePairs`, of moments that were gathered part by part. */
export function pairsBy(
  moments: PairMoments,
  metrics: readonly MetricDeclaration[],
  most = defaultPairs,
): ChosenPairs {
  const pairs: { one: number; other: number; correlation: number }[] = [];
  for (let one = 0; one < metrics.length; one++) {
    for (let other = one + 1; other < metrics.length; other++) {
      const correlation = moments.correlation(one, other);
      // Copies are no pair: their ratio and correlation are constant.
      if (Math.abs(correlation) >= leastCorrelation && Math.abs(correlation) < 1)
        pairs.push({ one, other, correlation });
    }
  }
  pairs.sort(
    (a, b) => Math.abs(b.correlation) - Math.abs(a.correlation) || a.one - b.one || a.other - b.other,
  );
  const positive = pairs.filter(
    ({ one, other, correlation }) => correlation > 0 && moments.least[one]! > 0 && moments.least[other]! > 0,
  );
  const names = (of: typeof pairs): [string, string][] =>
    spread(of, most).map(({ one, other }) => [metrics[one]!.name, metrics[other]!.name]);
  return { correlations: names(pairs), ratios: names(positive) };
}

const mostPairsOfAMetric = 3;

function spread<Pair extends { one: number; other: number }>(pairs: readonly Pair[], most: number): Pair[] {
  const uses = new Map<number, number>();
  const chosen: Pair[] = [];
  for (const pair of pairs) {
    if (chosen.length === most) break;
    const counts = [pair.one, pair.other].map((metric) => uses.get(metric) ?? 0);
    if (counts.some((count) => count >= mostPairsOfAMetric)) continue;
    [pair.one, pair.other].forEach((metric, side) => uses.set(metric, counts[side]! + 1));
    chosen.push(pair);
  }
  return chosen;
}

/** Means and co-moments of every pair over the minutes with both values (Welford's updates, one pass). */
export class PairMoments {
  readonly least: Float64Array;
  private readonly counts: Float64Array;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private readonly products: Float64Array;

  constructor(private readonly metrics: number) {
    const pairs = metrics * metrics;
    this.least = new Float64Array(metrics).fill(Infinity);
    this.counts = new Float64Array(pairs);
    this.means = new Float64Array(pairs);
    this.squares = new Float64Array(pairs);
    this.products = new Float64Array(pairs);
  }

  /** Values of all metrics in rows of features of `set`, whose metrics are these. */
  addRows(set: FeatureSet, { values, n, d }: Matrix): void {
    const columns = valueColumns(set);
    const row = new Float64Array(columns.length);
    for (let index = 0; index < n; index++) {
      columns.forEach((column, metric) => (row[metric] = values[index * d + column]!));
      this.add(row);
    }
  }

  private add(row: Float64Array): void {
    const { metrics, counts, means, squares, products } = this;
    for (let one = 0; one < metrics; one++) {
      const x = row[one]!;
      if (Number.isNaN(x)) continue;
      if (x < this.least[one]!) this.least[one] = x;
      for (let other = one + 1; other < metrics; other++) {
        const y = row[other]!;
        if (Number.isNaN(y)) continue;
        // The pair's first mean lies above the diagonal, its second below.
        const [above, below] = [one * metrics + other, other * metrics + one];
        const count = ++counts[above]!;
        const dx = x - means[above]!;
        const dy = y - means[below]!;
        means[above]! += dx / count;
        means[below]! += dy / count;
        squares[above]! += dx * (x - means[above]!);
        squares[below]! += dy * (y - means[below]!);
        products[above]! += dx * (y - means[below]!);
      }
    }
  }

  /** NaN for a pair with too few minutes or a metric that stands still. */
  correlation(one: number, other: number): number {
    const [above, below] = [one * this.metrics + other, other * this.metrics + one];
    if (this.counts[above]! < leastMinutes) return Number.NaN;
    return this.products[above]! / Math.sqrt(this.squares[above]! * this.squares[below]!);
  }
}
