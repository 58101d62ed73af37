import type { Random } from '../../../contracts';
import { checkMatrix, rowOf, type Matrix } from '../../matrix';
import { checkAborted, type RunControl } from '../../run';
import { defaultContamination, requireContamination } from '../contamination';
import { fitStandardization, type Standardization } from './standardization';

/** Options of every detector of this folder. */
export interface PointOptions {
  /** Whether columns are brought to mean 0 and standard deviation 1. */
  readonly standardize: boolean;
  readonly contamination: number;
}

export const defaultPointOptions: PointOptions = {
  standardize: true,
  contamination: defaultContamination,
};

export interface Prepared {
  readonly standardization: Standardization;
  readonly standardized: Matrix;
}

/** Checks options and data, then standardises. */
export function prepare(
  data: Matrix,
  options: PointOptions,
  minimumRows: number,
  run: RunControl | undefined,
): Prepared {
  requireContamination(options.contamination);
  checkMatrix(data, { minimumRows });
  checkAborted(run);
  const standardization = fitStandardization(data, options.standardize);
  return { standardization, standardized: standardization.apply(data) };
}

/** `most` of the rows by chance, in their order; all when there are no more. */
export function sampleRows(data: Matrix, most: number, random: Random): Matrix {
  if (data.n <= most) return data;
  const values = new Float32Array(most * data.d);
  let taken = 0;
  // Selection sampling (Knuth, algorithm S).
  for (let row = 0; taken < most; row++) {
    if ((data.n - row) * random.next() >= most - taken) continue;
    values.set(rowOf(data, row), taken++ * data.d);
  }
  return { values, n: most, d: data.d };
}
