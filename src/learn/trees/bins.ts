import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../matrix';
import { binningMemory, type BinningMemory } from './binningMemory';
import { cutsOfSorted, quantileCuts } from './quantileCuts';

/**
 * Columns cut into at most 255 intervals of about equal weight, so that a tree needs to look at interval borders
 * alone (the histogram method of LightGBM, Ke et al. 2017, and of XGBoost). A missing value has a code of its own.
 */
export interface BinnedMatrix {
  readonly n: number;
  readonly d: number;
  /** Column-wise codes in shared memory: that of (row, column) stands at `column × n + row`. */
  readonly codes: Uint8Array;
  /** Per column ascending: a value's code is the number of cuts that are not above it. */
  readonly cuts: readonly Float32Array[];
}

export interface BinOptions {
  /** Codes of a column, the one of missing values among them: 2 to 256. */
  readonly maxBins: number;
  /** n weights; 1 each when left out. */
  readonly weights?: ArrayLike<number>;
}

/** The code of NaN, whatever the number of intervals. */
export const missingCode = 255;
export const codesPerColumn = 256;

/** @throws as `checkFeatures`; PARAMETER_INVALID. */
export function quantileBins(data: Matrix, options: Partial<BinOptions> = {}): BinnedMatrix {
  checkFeatures(data);
  const { maxBins = codesPerColumn, weights } = options;
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > codesPerColumn) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `maxBins is ${maxBins}, expected 2 to ${codesPerColumn}`,
      {
        culprit: { option: 'maxBins' },
      },
    );
  }
  const { n, d } = data;
  const codes = new Uint8Array(new SharedArrayBuffer(n * d));
  const cuts: Float32Array[] = [];
  const memory = binningMemory(n, columnsAtOnce);
  for (let first = 0; first < d; first += columnsAtOnce) {
    const columns = readColumns(data, first, memory);
    columns.forEach((column, index) => {
      const columnCuts = weights
        ? quantileCuts(column, maxBins - 1, weights)
        : cutsOfSorted(memory.sortedNumbers(column), maxBins - 1);
      codes.set(memory.codesOf(index, columnCuts), (first + index) * n);
      cuts.push(columnCuts);
    });
  }
  return { n, d, codes, cuts };
}

/** Columns that are read together: a row's next numbers come with the first one's cache line. */
const columnsAtOnce = 8;

function readColumns({ values, n, d }: Matrix, first: number, memory: BinningMemory): Float32Array[] {
  const columns = memory.columns.slice(0, Math.min(columnsAtOnce, d - first));
  for (let row = 0, at = first; row < n; row++, at += d) {
    for (let index = 0; index < columns.length; index++) columns[index]![row] = values[at + index]!;
  }
  return columns;
}

/** The code of every value, NaN being `missingCode`. */
export function writeCodes(column: Float32Array, cuts: Float32Array, codes: Uint8Array): void {
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    codes[row] = Number.isNaN(value) ? missingCode : low;
  }
}

/**
 * Features may be missing (NaN) but not infinite.
 * @throws DATA_EMPTY, DATA_RAGGED, or DATA_NOT_FINITE naming row and column.
 */
export function checkFeatures({ values, n, d }: Matrix): void {
  if (values.length !== n * d) {
    throw new QuarterdeckError('DATA_RAGGED', `${values.length} values are not ${n} × ${d}`, {
      culprit: { row: n },
    });
  }
  if (n === 0 || d === 0) throw new QuarterdeckError('DATA_EMPTY', `the data has ${n} rows and ${d} columns`);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value === Infinity || value === -Infinity) {
      const row = Math.floor(index / d);
      const column = index % d;
      throw new QuarterdeckError('DATA_NOT_FINITE', `row ${row}, column ${column} is ${value}`, {
        culprit: { row, column },
      });
    }
  }
}
