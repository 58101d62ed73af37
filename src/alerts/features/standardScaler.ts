import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../../learn/matrix';

/** Brings each column to mean 0 and standard deviation 1, of the population, as scikit-learn's does. */
export interface StandardScaler {
  readonly mean: Float64Array;
  /** Standard deviations; 1 for columns that do not vary. */
  readonly scale: Float64Array;
}

/** Spread, relative to a column's size, that is rounding. */
const roundingShare = 1e-6;

export function fitStandardScaler({ values, n, d }: Matrix): StandardScaler {
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let index = 0; index < values.length; index++) mean[index % d]! += values[index]! / n;
  for (let index = 0; index < values.length; index++) {
    const column = index % d;
    scale[column]! += (values[index]! - mean[column]!) ** 2 / n;
  }
  for (let column = 0; column < d; column++) {
    const deviation = Math.sqrt(scale[column]!);
    scale[column] = deviation > roundingShare * Math.abs(mean[column]!) ? deviation : 1;
  }
  return { mean, scale };
}

/** @throws DATA_WIDTH_MISMATCH. */
export function standardize({ mean, scale }: StandardScaler, { values, n, d }: Matrix): Matrix {
  if (d !== mean.length) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `the data has ${d} columns, the scaler ${mean.length}`);
  }
  const standardized = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const column = index % d;
    standardized[index] = (values[index]! - mean[column]!) / scale[column]!;
  }
  return { values: standardized, n, d };
}
