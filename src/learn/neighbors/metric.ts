import type { Matrix } from '../matrix';

/** Distances between rows. Cosine is one minus the cosine: 0 between two rows of zeros, 1 between one and another row. */
export const metrics = ['euclidean', 'cosine'] as const;
export type Metric = (typeof metrics)[number];

/** Distance between two rows, summed in double precision; exactly 0 between identical rows. */
export function distanceOf(
  metric: Metric,
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
  d: number,
): number {
  return metric === 'euclidean'
    ? Math.sqrt(squaredEuclidean(left, leftStart, right, rightStart, d))
    : cosine(left, leftStart, right, rightStart, d);
}

function squaredEuclidean(
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
  d: number,
): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = left[leftStart + k]! - right[rightStart + k]!;
    sum += difference * difference;
  }
  return sum;
}

function cosine(
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
  d: number,
): number {
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let k = 0; k < d; k++) {
    const a = left[leftStart + k]!;
    const b = right[rightStart + k]!;
    product += a * b;
    leftSquare += a * a;
    rightSquare += b * b;
  }
  if (leftSquare === 0 || rightSquare === 0) return leftSquare === rightSquare ? 0 : 1;
  return Math.max(0, 1 - product / Math.sqrt(leftSquare * rightSquare));
}

/**
 * Rows made ready for the search by inner products: in `vectors`, nearer means a larger
 * `inner product − halfNorm(left) − halfNorm(right)`. Both arrays are shared between threads.
 */
export interface SearchSpace {
  readonly n: number;
  readonly d: number;
  readonly vectors: Float32Array;
  readonly halfNorms: Float32Array;
}

/**
 * Euclidean rows are moved by `center`, which keeps the cancellation in the score small. Cosine rows get unit
 * length, and a column more that is 1 for rows of zeros, so that these are near to each other alone.
 */
export function searchSpace(data: Matrix, metric: Metric, center: Float64Array | undefined): SearchSpace {
  return metric === 'euclidean' ? centeredSpace(data, center!) : unitSpace(data);
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function centeredSpace({ values, n, d }: Matrix, center: Float64Array): SearchSpace {
  const vectors = sharedFloats(n * d);
  const halfNorms = sharedFloats(n);
  for (let row = 0, at = 0; row < n; row++) {
    let square = 0;
    for (let column = 0; column < d; column++, at++) {
      vectors[at] = values[at]! - center[column]!;
      square += vectors[at]! ** 2;
    }
    halfNorms[row] = square / 2;
  }
  return { n, d, vectors, halfNorms };
}

function unitSpace({ values, n, d }: Matrix): SearchSpace {
  const width = d + 1;
  const vectors = sharedFloats(n * width);
  for (let row = 0; row < n; row++) {
    let square = 0;
    for (let column = 0; column < d; column++) square += values[row * d + column]! ** 2;
    const scale = square === 0 ? 0 : 1 / Math.sqrt(square);
    for (let column = 0; column < d; column++) {
      vectors[row * width + column] = values[row * d + column]! * scale;
    }
    vectors[row * width + d] = square === 0 ? 1 : 0;
  }
  return { n, d: width, vectors, halfNorms: sharedFloats(n) };
}
