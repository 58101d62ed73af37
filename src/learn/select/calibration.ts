import { QuarterdeckError } from '../../contracts';
import { checkOutcomes, requireClasses } from '../score/rankedOutcomes';

/** How margins (log-odds, or any score) become probabilities that can be taken at their word. */
export type Calibration = PlattCalibration | IsotonicCalibration;

/** `1 / (1 + e^−(slope · x + intercept))`. */
export interface PlattCalibration {
  readonly kind: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** Piecewise linear through (x, y), constant beyond its ends; x ascends, y does not fall. */
export interface IsotonicCalibration {
  readonly kind: 'isotonic';
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Probabilities of n scores. */
export function calibrate(calibration: Calibration, scores: ArrayLike<number>): Float64Array {
  if (calibration.kind === 'platt') {
    const { slope, intercept } = calibration;
    return Float64Array.from(scores, (score) => 1 / (1 + Math.exp(-(slope * score + intercept))));
  }
  const { x, y } = calibration;
  return Float64Array.from(scores, (score) => {
    if (score <= x[0]!) return y[0]!;
    if (score >= x.at(-1)!) return y.at(-1)!;
    let low = 0;
    let high = x.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= score) low = middle;
      else high = middle;
    }
    const share = (score - x[low]!) / (x[high]! - x[low]!);
    return y[low]! + share * (y[high]! - y[low]!);
  });
}

const mostNewtonSteps = 100;
const leastStep = 1e-10;
const ridge = 1e-12;
const gradientTolerance = 1e-7;

/**
 * Platt's sigmoid (1999), by Newton's method with backtracking after Lin, Lin and Weng (2007). Targets are drawn in
 * from 0 and 1 by his rule, so that a separable set does not end in certainty.
 * @param scores n finite numbers. @param labels n times 0 or 1. @param weights n weights; 1 each when left out.
 * @throws LABELS_ONE_CLASS, LABELS_INVALID, DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, PARAMETER_INVALID.
 */
export function fitPlatt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): PlattCalibration {
  const outcomes = checkOutcomes(scores, labels, weights);
  requireClasses(outcomes, 'both');
  const { positives, negatives } = outcomes;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const n = scores.length;
  const lossOf = (slope: number, intercept: number): number => {
    let loss = 0;
    for (let row = 0; row < n; row++) {
      const target = labels[row] === 1 ? high : low;
      const margin = slope * scores[row]! + intercept;
      // −log-likelihood, written so that it cannot overflow on either side.
      const penalty = margin >= 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
      loss += (weights ? weights[row]! : 1) * (penalty + (1 - target) * margin);
    }
    return loss;
  };
  let slope = 0;
  let intercept = Math.log((positives + 1) / (negatives + 1));
  let loss = lossOf(slope, intercept);
  for (let iteration = 0; iteration < mostNewtonSteps; iteration++) {
    let [h11, h22, h21, g1, g2] = [ridge, ridge, 0, 0, 0];
    for (let row = 0; row < n; row++) {
      const target = labels[row] === 1 ? high : low;
      const weight = weights ? weights[row]! : 1;
      const score = scores[row]!;
      const probability = 1 / (1 + Math.exp(-(slope * score + intercept)));
      const curvature = weight * probability * (1 - probability);
      h11 += score * score * curvature;
      h22 += curvature;
      h21 += score * curvature;
      const difference = weight * (probability - target);
      g1 += score * difference;
      g2 += difference;
    }
    if (Math.abs(g1) < gradientTolerance && Math.abs(g2) < gradientTolerance) break;
    const determinant = h11 * h22 - h21 * h21;
    if (!(determinant > 0)) break;
    const stepSlope = -(h22 * g1 - h21 * g2) / determinant;
    const stepIntercept = -(h11 * g2 - h21 * g1) / determinant;
    const descent = g1 * stepSlope + g2 * stepIntercept;
    let step = 1;
    for (; step >= leastStep; step /= 2) {
      const next = lossOf(slope + step * stepSlope, intercept + step * stepIntercept);
      if (next < loss + 1e-4 * step * descent) {
        slope += step * stepSlope;
        intercept += step * stepIntercept;
        loss = next;
        break;
      }
    }
    if (step < leastStep) break;
  }
  return { kind: 'platt', slope, intercept };
}

/**
 * Isotonic regression by pooling adjacent violators; equal scores are one point. Knots within a flat stretch are
 * left out, as scikit-learn does, whose `IsotonicRegression(out_of_bounds='clip')` gives the same answers.
 * @throws as `fitPlatt`, but one class alone is taken.
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): IsotonicCalibration {
  const { positives, negatives } = checkOutcomes(scores, labels, weights);
  if (positives + negatives === 0) throw new QuarterdeckError('DATA_EMPTY', 'no row has any weight');
  const order = Array.from({ length: scores.length }, (_, row) => row)
    .filter((row) => !weights || weights[row]! > 0)
    .sort((a, b) => scores[a]! - scores[b]!);
  // Blocks of equal value: first and last score, sum of weights, weighted mean of labels.
  const blocks: { first: number; last: number; weight: number; value: number }[] = [];
  for (let place = 0; place < order.length;) {
    const score = scores[order[place]!]!;
    let weight = 0;
    let sum = 0;
    for (; place < order.length && scores[order[place]!] === score; place++) {
      const row = order[place]!;
      const own = weights ? weights[row]! : 1;
      weight += own;
      sum += own * labels[row]!;
    }
    let block = { first: score, last: score, weight, value: sum / weight };
    for (let before = blocks.at(-1); before && before.value >= block.value; before = blocks.at(-1)) {
      const joint = before.weight + block.weight;
      const value = (before.value * before.weight + block.value * block.weight) / joint;
      block = { first: before.first, last: block.last, weight: joint, value };
      blocks.pop();
    }
    blocks.push(block);
  }
  const x: number[] = [];
  const y: number[] = [];
  for (const { first, last, value } of blocks) {
    x.push(first);
    y.push(value);
    if (last > first) {
      x.push(last);
      y.push(value);
    }
  }
  return { kind: 'isotonic', x, y };
}
