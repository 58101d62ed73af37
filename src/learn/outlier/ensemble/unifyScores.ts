/**
 * Brings scores of different detectors to one scale, 0 (as usual as anything in training) to 1.
 * `rank`: the share of training scores below, between known quantiles interpolated. `gaussian`: the error function of
 * the deviation from the training mean in standard deviations, 0 below the mean (Kriegel, Kröger, Schubert and Zimek
 * 2011, "Interpreting and Unifying Outlier Scores").
 */
export type Normalization = 'rank' | 'gaussian';

export interface ScoreScale {
  readonly mean: number;
  readonly spread: number;
  /** Evenly spaced quantiles of the training scores, lowest first. */
  readonly quantiles: Float64Array;
}

/** Enough to tell the thousandth part apart, however many rows there were. */
const mostQuantiles = 1001;

export function scoreScale(scores: Float64Array): ScoreScale {
  const sorted = scores.slice().sort();
  const mean = sorted.reduce((sum, score) => sum + score, 0) / sorted.length;
  let square = 0;
  for (const score of sorted) square += (score - mean) ** 2 / sorted.length;
  const count = Math.min(mostQuantiles, sorted.length);
  const quantiles = Float64Array.from(
    { length: count },
    (_, at) => sorted[Math.round((at * (sorted.length - 1)) / Math.max(1, count - 1))]!,
  );
  return { mean, spread: Math.sqrt(square) || 1, quantiles };
}

export function unifyScore(score: number, scale: ScoreScale, normalization: Normalization): number {
  return normalization === 'rank' ? rankShare(score, scale.quantiles) : gaussianShare(score, scale);
}

/** Beyond the highest training score it still grows, towards 1. */
function rankShare(score: number, quantiles: Float64Array): number {
  const last = quantiles.length - 1;
  const step = 1 / (last + 2);
  const highest = quantiles[last]!;
  if (score > highest) {
    const range = highest - quantiles[0]! || 1;
    return 1 - step / (1 + (score - highest) / range);
  }
  let from = 0;
  let to = last + 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (quantiles[middle]! < score) from = middle + 1;
    else to = middle;
  }
  if (from === 0) return 0;
  const below = quantiles[from - 1]!;
  const width = quantiles[from]! - below;
  return (from - 1 + (score - below) / width + 1) * step;
}

function gaussianShare(score: number, { mean, spread }: ScoreScale): number {
  return Math.max(0, errorFunction((score - mean) / (spread * Math.SQRT2)));
}

/** Abramowitz and Stegun 7.1.26, off by less than 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
