import { normalTail } from '../../../../src/learn/outlier/statistical/normalTail';

const windowLength = 6_400;
const stepLength = 100;

/**
 * The benchmark's own baseline: the normal tail probability of a value over a window of 6,400 points that moves on
 * by 100. Its results were written with twelve digits, and scored from there.
 */
export function windowedGaussianScores(values: Float64Array): Float64Array {
  let first = 0;
  let mean = 0;
  let deviation = 1;
  const measure = (end: number): void => {
    const count = end - first;
    let sum = 0;
    for (let at = first; at < end; at++) sum += values[at]!;
    mean = sum / count;
    let squares = 0;
    for (let at = first; at < end; at++) squares += (values[at]! - mean) ** 2;
    deviation = Math.sqrt(squares / count) || 1e-6;
  };
  return values.map((value, at) => {
    const tail = normalTail(Math.abs(value - mean) / deviation);
    const score = at > 0 ? Number((1 - tail).toPrecision(12)) : 0;
    if (at < windowLength) measure(at + 1);
    else if ((at + 1 - windowLength) % stepLength === 0) {
      first += stepLength;
      measure(at + 1);
    }
    return score;
  });
}
