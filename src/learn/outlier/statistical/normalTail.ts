/**
 * The share of a standard normal distribution beyond `z` (the Q-function), to about 1e-15 of its size: the power
 * series of the error function near the middle, Laplace's continued fraction in the tail (Abramowitz and Stegun,
 * 7.1.6 and 26.2.14).
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z === Infinity) return 0;
  return z < seriesUpTo ? 0.5 - density(z) * oddSeries(z) : density(z) / tailFraction(z);
}

/** Here both forms need some thirty terms. */
const seriesUpTo = 3;
const fractionDepth = 120;

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** z + z³/3 + z⁵/(3·5) + … */
function oddSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** z + 1/(z + 2/(z + 3/(z + …))) */
function tailFraction(z: number): number {
  let fraction = z;
  for (let depth = fractionDepth; depth > 0; depth--) fraction = z + depth / fraction;
  return fraction;
}
