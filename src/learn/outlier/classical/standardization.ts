import type { ModelArray } from '../../binary';
import type { Matrix } from '../../matrix';
import { mostDeviation } from '../statistical/columnDetector';
import { columnOf, deviationOf, leastSpread, meanOf } from '../statistical/scale';

/**
 * Columns moved to mean 0 and scaled to standard deviation 1 of the training rows, so that no unit outweighs the
 * others, and cut off at `mostDeviation`, so that a column that never moved in training does not either.
 */
export interface Standardization {
  readonly d: number;
  apply(data: Matrix): Matrix;
  readonly arrays: Readonly<Record<string, ModelArray>>;
}

/** @param enabled without it, columns stay as they are. */
export function fitStandardization(data: Matrix, enabled: boolean): Standardization {
  const means = new Float64Array(data.d);
  const spreads = new Float64Array(data.d).fill(1);
  if (!enabled) return standardization(means, spreads, Infinity);
  for (let column = 0; column < data.d; column++) {
    const values = columnOf(data, column);
    means[column] = meanOf(values);
    spreads[column] = Math.max(deviationOf(values, means[column]!), leastSpread(means[column]!));
  }
  return standardization(means, spreads, mostDeviation);
}

export function standardizationFrom(arrays: Readonly<Record<string, ModelArray>>): Standardization {
  const limit = (arrays['limit'] as Float64Array)[0]!;
  return standardization(arrays['means'] as Float64Array, arrays['spreads'] as Float64Array, limit);
}

function standardization(means: Float64Array, spreads: Float64Array, limit: number): Standardization {
  const d = means.length;
  return {
    d,
    apply({ values, n }) {
      const result = new Float32Array(n * d);
      for (let row = 0, at = 0; row < n; row++) {
        for (let column = 0; column < d; column++, at++) {
          const value = (values[at]! - means[column]!) / spreads[column]!;
          result[at] = Math.max(-limit, Math.min(limit, value));
        }
      }
      return { values: result, n, d };
    },
    arrays: { means, spreads, limit: Float64Array.of(limit) },
  };
}
