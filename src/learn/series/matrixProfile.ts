import { QuarterdeckError } from '../../contracts';
import { WindowStatistics } from './windowStatistics';

/**
 * The matrix profile of a series: for each window, the z-normalised distance to the nearest other window (Yeh et al.
 * 2016), computed in the order of STOMP (Zhu et al. 2016): each row of inner products from the row before.
 */
export interface MatrixProfile {
  /** Distance of the window that begins at each place; `n − length + 1` of them. */
  readonly distances: Float64Array;
  /** Where its nearest window begins; −1 without any. */
  readonly neighbors: Int32Array;
}

export interface MatrixProfileOptions {
  /** Values of a window, at least 3. */
  readonly length: number;
  /** Windows that begin less than this apart are not compared. Default: a quarter of the length, rounded up, plus one. */
  readonly exclusion?: number;
  /** Whether only earlier windows count, so that the profile is what could be known at the time. */
  readonly left?: boolean;
}

/** Half of a window overlaps itself trivially; STUMPY leaves out as much on either side. */
export function defaultExclusion(length: number): number {
  return Math.ceil(length / 4) + 1;
}

/**
 * Exact, in O(n²) time and O(n) memory. A window without spread is at distance 0 from another such, and at √length
 * from any other.
 * @throws PARAMETER_INVALID, DATA_TOO_FEW_ROWS.
 */
export function matrixProfile(values: Float64Array, options: MatrixProfileOptions): MatrixProfile {
  const { length, exclusion = defaultExclusion(options.length), left = false } = options;
  checkWindow(values.length, length, exclusion);
  const count = values.length - length + 1;
  // Centred values keep the cancellation in the inner products small.
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centered = values.map((value) => value - mean);
  const statistics = WindowStatistics.of(centered, length);
  const first = new Float64Array(count);
  for (let at = 0; at < count; at++) first[at] = innerProduct(centered, 0, at, length);
  const products = first.slice();
  const distances = new Float64Array(count).fill(Infinity);
  const neighbors = new Int32Array(count).fill(-1);
  for (let row = 0; row < count; row++) {
    if (row > 0) {
      for (let at = count - 1; at > 0; at--) {
        products[at] =
          products[at - 1]! -
          centered[row - 1]! * centered[at - 1]! +
          centered[row + length - 1]! * centered[at + length - 1]!;
      }
      products[0] = first[row]!;
    }
    const end = left ? row - exclusion + 1 : count;
    for (let at = 0; at < end; at++) {
      if (Math.abs(at - row) < exclusion) continue;
      const distance = statistics.squaredDistance(products[at]!, row, at);
      if (distance >= distances[row]!) continue;
      distances[row] = distance;
      neighbors[row] = at;
    }
  }
  return { distances: distances.map(Math.sqrt), neighbors };
}

function innerProduct(values: Float64Array, left: number, right: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += values[left + at]! * values[right + at]!;
  return sum;
}

function checkWindow(n: number, length: number, exclusion: number): void {
  const refuse = (option: string, value: number, expected: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  };
  if (!Number.isInteger(length) || length < 3) refuse('length', length, 'a whole number from 3 up');
  if (!Number.isInteger(exclusion) || exclusion < 1)
    refuse('exclusion', exclusion, 'a whole number from 1 up');
  if (n < length + exclusion) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${n} values, at least ${length + exclusion} are needed`);
  }
}
