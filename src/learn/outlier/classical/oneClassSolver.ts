import { breathe, type RunControl } from '../../run';

/**
 * Sequential minimal optimisation of the one-class problem, ½ αᵀKα least with 0 ≤ αᵢ ≤ 1 and Σα = ν n: pairs by
 * second-order working-set selection (Fan, Chen and Lin 2005), start and stop as in LIBSVM.
 */
export interface OneClassSolution {
  readonly weights: Float64Array;
  /** What Σ αᵢ K(xᵢ, x) is on the boundary. */
  readonly offset: number;
}

const tolerance = 1e-3;
const leastCurvature = 1e-12;
const stepsPerBreath = 2_000;
/** Of the number of rows; far beyond what any data took, so that a cycle of roundings ends. */
const mostStepsPerRow = 1_000;

/** @param kernel `n × n`, row-major. */
export async function solveOneClass(
  kernel: Float32Array,
  n: number,
  nu: number,
  run: RunControl | undefined,
): Promise<OneClassSolution> {
  const weights = startingWeights(n, nu);
  const gradient = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    if (weights[row] === 0) continue;
    for (let at = 0; at < n; at++) gradient[at]! += weights[row]! * kernel[row * n + at]!;
  }
  for (let step = 1; step < n * mostStepsPerRow; step++) {
    const pair = worstPair(kernel, n, weights, gradient);
    if (!pair) break;
    const [up, down] = pair;
    const curvature = Math.max(leastCurvature, 2 - 2 * kernel[up * n + down]!);
    const wanted = (gradient[down]! - gradient[up]!) / curvature;
    const move = Math.min(wanted, 1 - weights[up]!, weights[down]!);
    weights[up]! += move;
    weights[down]! -= move;
    for (let at = 0; at < n; at++) gradient[at]! += move * (kernel[up * n + at]! - kernel[down * n + at]!);
    if (step % stepsPerBreath === 0) await breathe(run);
  }
  return { weights, offset: boundaryOf(weights, gradient) };
}

/** The first ν n rows, the last of them in part. */
function startingWeights(n: number, nu: number): Float64Array {
  const total = nu * n;
  const whole = Math.floor(total);
  return Float64Array.from({ length: n }, (_, row) => (row < whole ? 1 : row === whole ? total - whole : 0));
}

/** The weight to raise and the one to lower; none once the conditions of an optimum hold. */
function worstPair(
  kernel: Float32Array,
  n: number,
  weights: Float64Array,
  gradient: Float64Array,
): [number, number] | undefined {
  let up = -1;
  for (let at = 0; at < n; at++) {
    if (weights[at]! < 1 && (up < 0 || gradient[at]! < gradient[up]!)) up = at;
  }
  if (up < 0) return undefined;
  let down = -1;
  let best = 0;
  let most = -Infinity;
  for (let at = 0; at < n; at++) {
    if (weights[at]! <= 0) continue;
    most = Math.max(most, gradient[at]!);
    const difference = gradient[at]! - gradient[up]!;
    if (difference <= 0) continue;
    const gain = difference ** 2 / Math.max(leastCurvature, 2 - 2 * kernel[up * n + at]!);
    if (gain > best) {
      best = gain;
      down = at;
    }
  }
  return down < 0 || most - gradient[up]! < tolerance ? undefined : [up, down];
}

/** The mean gradient of free weights; without any, the middle of what the bound ones allow. */
function boundaryOf(weights: Float64Array, gradient: Float64Array): number {
  let free = 0;
  let sum = 0;
  let least = -Infinity;
  let most = Infinity;
  weights.forEach((weight, at) => {
    if (weight <= 0) most = Math.min(most, gradient[at]!);
    else if (weight >= 1) least = Math.max(least, gradient[at]!);
    else {
      free++;
      sum += gradient[at]!;
    }
  });
  if (free > 0) return sum / free;
  if (least === -Infinity) return most;
  return most === Infinity ? least : (least + most) / 2;
}
