import type { MetricDeclaration } from '../../contracts';

/** The range of a metric's values that history shows; undefined where there was too little of it. */
export type UsualRanges = Readonly<Record<string, { readonly least: number; readonly most: number }>>;

/** Values of metrics on the minute grid: NaN where there is none. */
export interface MetricGrid {
  readonly metrics: readonly MetricDeclaration[];
  readonly rows: number;
  readonly value: (row: number, metric: number) => number;
}

/** Fewer values than this say nothing about a range. */
const leastValues = 30;
/** Distances from the quartiles, in widths between them: far beyond the 1.5 of box plots, since faults are wanted. */
const reach = 10;

/**
 * Robust ranges: the quartiles of the values seen, widened by ten times their distance. Faults in up to a quarter of
 * the history leave them as they are. A metric whose quartiles are equal has the range of its values.
 */
export function learnUsualRanges({ metrics, rows, value }: MetricGrid): UsualRanges {
  const ranges: Record<string, { least: number; most: number }> = {};
  metrics.forEach(({ name }, metric) => {
    const values = new Float64Array(rows);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const here = value(row, metric);
      if (Number.isFinite(here)) values[count++] = here;
    }
    if (count < leastValues) return;
    const sorted = values.subarray(0, count).sort();
    const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
    ranges[name] =
      upper === lower
        ? { least: sorted[0]!, most: sorted[count - 1]! }
        : { least: lower - reach * (upper - lower), most: upper + reach * (upper - lower) };
  });
  return ranges;
}

/** Linear between the neighbouring order statistics (type 7 of Hyndman and Fan). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}
