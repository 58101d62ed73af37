/** `1 / (1 + a · x^2b)`: similarity of two embedded points at distance x. */
export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** umap-learn's grid: this many distances from 0 to three times the spread. */
const samples = 300;
const gridSpreads = 3;
const iterations = 200;
/** Relative change of the squared error below which the fit stands still. */
const standstill = 1e-15;

/**
 * The smooth curve nearest, in least squares, to 1 up to `minimumDistance` and an exponential decay of scale
 * `spread` after it (umap-learn `find_ab_params`), by the method of Levenberg and Marquardt.
 */
export function fitCurve(spread: number, minimumDistance: number): Curve {
  const distances = Float64Array.from(
    { length: samples },
    (_, i) => (gridSpreads * spread * i) / (samples - 1),
  );
  const targets = distances.map((x) => (x < minimumDistance ? 1 : Math.exp(-(x - minimumDistance) / spread)));
  let a = 1;
  let b = 1;
  let error = squaredError(distances, targets, a, b);
  let damping = 1e-3;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const { aa, ab, bb, ga, gb } = normalEquations(distances, targets, a, b);
    const daa = aa * (1 + damping);
    const dbb = bb * (1 + damping);
    const determinant = daa * dbb - ab * ab;
    const nextA = a + (dbb * ga - ab * gb) / determinant;
    const nextB = b + (daa * gb - ab * ga) / determinant;
    const nextError = nextA > 0 && nextB > 0 ? squaredError(distances, targets, nextA, nextB) : Infinity;
    if (!(nextError < error)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const change = error - nextError;
    a = nextA;
    b = nextB;
    error = nextError;
    damping /= 10;
    if (change < standstill * error) break;
  }
  return { a, b };
}

function squaredError(distances: Float64Array, targets: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) {
    sum += (targets[i]! - 1 / (1 + a * distances[i]! ** (2 * b))) ** 2;
  }
  return sum;
}

/** JᵀJ and Jᵀr of the residuals; the derivatives at distance 0 are 0. */
function normalEquations(
  distances: Float64Array,
  targets: Float64Array,
  a: number,
  b: number,
): { aa: number; ab: number; bb: number; ga: number; gb: number } {
  const sums = { aa: 0, ab: 0, bb: 0, ga: 0, gb: 0 };
  for (let i = 1; i < distances.length; i++) {
    const power = distances[i]! ** (2 * b);
    const value = 1 / (1 + a * power);
    const byA = -power * value * value;
    const byB = byA * a * 2 * Math.log(distances[i]!);
    const residual = targets[i]! - value;
    sums.aa += byA * byA;
    sums.ab += byA * byB;
    sums.bb += byB * byB;
    sums.ga += byA * residual;
    sums.gb += byB * residual;
  }
  return sums;
}
