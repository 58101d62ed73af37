import { QuarterdeckError, type FeatureSet } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { FeatureWindow } from './featureWindow';
import type { MinuteLogs } from './recentLogs';

/** Readings of one instance: a row per minute without a gap, a column per metric of the feature set. */
export interface InstanceSeries {
  /** Whole minutes since 1970 of the first row. */
  readonly startMinute: number;
  /** n × metrics, row-major, NaN where there is no reading; counters as they stand. 64-bit floats keep them exact. */
  readonly values: { readonly values: Float32Array | Float64Array; readonly n: number; readonly d: number };
  /** Per row; undefined for a minute without records. */
  readonly logs?: readonly (MinuteLogs | undefined)[];
}

/**
 * Features of every minute of a series: what a window gives that takes them one by one.
 *
 * @returns n × features, row-major; NaN where a feature is missing.
 * @throws DATA_WIDTH_MISMATCH when the columns are not the metrics of the set; DATA_RAGGED.
 */
export function computeFeatures(set: FeatureSet, series: InstanceSeries): Matrix {
  const { values, n, d } = series.values;
  if (d !== set.metrics.length) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `${d} columns for ${set.metrics.length} metrics`);
  }
  if (values.length !== n * d || (series.logs && series.logs.length !== n)) {
    throw new QuarterdeckError(
      'DATA_RAGGED',
      `${values.length} readings are not ${n} minutes × ${d} metrics`,
      {
        culprit: { row: n },
      },
    );
  }
  const window = new FeatureWindow(set);
  const width = set.names.length;
  const features = new Float32Array(n * width);
  for (let row = 0; row < n; row++) {
    window.pushInto(series.startMinute + row, values, row * d, series.logs?.[row], features, row * width);
  }
  return { values: features, n, d: width };
}
