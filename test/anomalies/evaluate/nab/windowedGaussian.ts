import { normalTail } from '../../../../src/learn/outlier/statistical/normalTail';

/**
 * The benchmark's own baseline: the normal tail probability of a value over a window of 6,400 points that moves on
 * by 100. Its results were written with twelve digits, and scored from there.
 */
export function windowedGaussianScores(values: ArrayLike<number>): Float64Array {
  let window: number[] = [];
  let step: number[] = [];
  let mean = 0;
  let deviation = 1;
  const measure = (): void => {
    mean = window.reduce((sum, value) => sum + value, 0) / window.length;
    deviation =
      Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length) || 1e-6;
  };
  return Float64Array.from(values, (value) => {
    const tail = normalTail(Math.abs(value - mean) / deviation);
    const score = window.length > 0 ? Number((1 - tail).toPrecision(12)) : 0;
    if (window.length < 6_400) {
      window.push(value);
      measure();
    } else {
      step.push(value);
      if (step.length === 100) {
        window = [...window.slice(100), ...step];
        step = [];
        measure();
      }
    }
    return score;
  });
}
