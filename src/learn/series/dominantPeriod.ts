/**
 * The season of a series, found in its autocorrelation: of the lags at which it peaks, the first that comes near
 * the highest peak. The values' straight line is taken out before.
 * @param values without gaps.
 * @param longest lags up to this are looked at; at most a third of the values, so that a season was seen three times.
 * @returns undefined where no peak is high enough to be more than chance.
 */
export function dominantPeriod(values: Float64Array, longest: number): number | undefined {
  const most = Math.min(longest, Math.floor(values.length / 3));
  if (most < 2) return undefined;
  const correlations = autocorrelations(detrended(values), most + 1);
  // Under no season, correlations stay within some four of their standard errors.
  const least = Math.max(leastCorrelation, 4 / Math.sqrt(values.length));
  const peaks: number[] = [];
  // The slope down from lag 0 is no peak.
  let lag = 1;
  while (lag <= most && correlations[lag]! > 0) lag++;
  for (lag = Math.max(lag, 2); lag <= most; lag++) {
    const here = correlations[lag]!;
    if (here >= least && here > correlations[lag - 1]! && here >= correlations[lag + 1]!) peaks.push(lag);
  }
  if (peaks.length === 0) return undefined;
  const highest = Math.max(...peaks.map((peak) => correlations[peak]!));
  // Multiples of the season peak as high as itself, but for noise.
  return peaks.find((peak) => correlations[peak]! >= nearHighest * highest);
}

/** Weaker seasons are not worth their parameters. */
const leastCorrelation = 0.2;
const nearHighest = 0.9;

function detrended(values: Float64Array): Float64Array {
  const n = values.length;
  const middle = (n - 1) / 2;
  let mean = 0;
  for (const value of values) mean += value / n;
  let slope = 0;
  let spread = 0;
  for (let at = 0; at < n; at++) {
    slope += (at - middle) * (values[at]! - mean);
    spread += (at - middle) ** 2;
  }
  if (spread > 0) slope /= spread;
  return values.map((value, at) => value - mean - slope * (at - middle));
}

function autocorrelations(values: Float64Array, most: number): Float64Array {
  const n = values.length;
  const result = new Float64Array(most + 1);
  let square = 0;
  for (const value of values) square += value * value;
  if (square === 0) return result;
  for (let lag = 0; lag <= most; lag++) {
    let sum = 0;
    for (let at = lag; at < n; at++) sum += values[at]! * values[at - lag]!;
    result[lag] = sum / square;
  }
  return result;
}
