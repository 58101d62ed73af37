import { QuarterdeckError } from '../../contracts';
import { loess } from './loess';

/**
 * Seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990), with the same defaults as
 * statsmodels: first-degree fits at every place.
 */
export interface StlOptions {
  /** Values of one season, at least 2. */
  readonly period: number;
  /** Width of the seasonal smoother in periods, odd, at least 7. Default 7. */
  readonly seasonal?: number;
  /** Width of the trend smoother, odd, above the period. Default: the next odd above 1.5 period / (1 − 1.5 / seasonal). */
  readonly trend?: number;
  /** Passes that give outliers less weight; 0 (default) trusts all values alike. */
  readonly robustPasses?: number;
}

export interface Decomposition {
  readonly seasonal: Float64Array;
  readonly trend: Float64Array;
  readonly residual: Float64Array;
  /** Weight of each value in the last robust pass, 0 to 1. */
  readonly weights: Float64Array;
}

/** @throws DATA_TOO_FEW_ROWS (fewer than two seasons), PARAMETER_INVALID. */
export function decomposeStl(values: Float64Array, options: StlOptions): Decomposition {
  const { period, seasonal: seasonalWidth = 7, robustPasses = 0 } = options;
  const trendWidth = options.trend ?? nextOdd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonalWidth)));
  checkStl(values, period, seasonalWidth, trendWidth);
  const lowPassWidth = nextOdd(period + 1);
  const n = values.length;
  const seasonal = new Float64Array(n);
  const trend = new Float64Array(n);
  const weights = new Float64Array(n).fill(1);
  for (let pass = 0; pass <= robustPasses; pass++) {
    const inner = robustPasses > 0 ? innerPassesRobust : innerPasses;
    for (let turn = 0; turn < inner; turn++) {
      const given = pass > 0 ? weights : undefined;
      innerLoop(values, { period, seasonalWidth, trendWidth, lowPassWidth }, given, seasonal, trend);
    }
    if (pass < robustPasses) bisquare(values, seasonal, trend, weights);
  }
  const residual = values.map((value, at) => value - seasonal[at]! - trend[at]!);
  return { seasonal, trend, residual, weights };
}

const innerPasses = 5;
const innerPassesRobust = 2;

interface Widths {
  readonly period: number;
  readonly seasonalWidth: number;
  readonly trendWidth: number;
  readonly lowPassWidth: number;
}

function innerLoop(
  values: Float64Array,
  { period, seasonalWidth, trendWidth, lowPassWidth }: Widths,
  weights: Float64Array | undefined,
  seasonal: Float64Array,
  trend: Float64Array,
): void {
  const n = values.length;
  const detrended = values.map((value, at) => value - trend[at]!);
  const cycles = cycleSubseries(detrended, period, seasonalWidth, weights);
  const passed = movingAverage(movingAverage(movingAverage(cycles, period), period), 3);
  const lowPass = new Float64Array(n);
  loess(passed, lowPassWidth, undefined, 0, n, lowPass);
  for (let at = 0; at < n; at++) seasonal[at] = cycles[at + period]! - lowPass[at]!;
  const adjusted = values.map((value, at) => value - seasonal[at]!);
  loess(adjusted, trendWidth, weights, 0, n, trend);
}

/** Every place's values through the seasons, smoothed, and one season more at either end: n + 2 × period values. */
function cycleSubseries(
  detrended: Float64Array,
  period: number,
  width: number,
  weights: Float64Array | undefined,
): Float64Array {
  const n = detrended.length;
  const result = new Float64Array(n + 2 * period);
  for (let place = 0; place < period; place++) {
    const count = Math.ceil((n - place) / period);
    const cycle = new Float64Array(count);
    const cycleWeights = weights && new Float64Array(count);
    for (let turn = 0; turn < count; turn++) {
      cycle[turn] = detrended[place + turn * period]!;
      if (cycleWeights) cycleWeights[turn] = weights[place + turn * period]!;
    }
    const smoothed = new Float64Array(count + 2);
    loess(cycle, width, cycleWeights, -1, count + 2, smoothed);
    smoothed.forEach((value, turn) => (result[place + turn * period] = value));
  }
  return result;
}

function movingAverage(values: Float64Array, width: number): Float64Array {
  const result = new Float64Array(values.length - width + 1);
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    sum += values[at]!;
    if (at >= width) sum -= values[at - width]!;
    if (at >= width - 1) result[at - width + 1] = sum / width;
  }
  return result;
}

/** Weights fall with the residual and are none beyond six median absolute residuals. */
function bisquare(
  values: Float64Array,
  seasonal: Float64Array,
  trend: Float64Array,
  weights: Float64Array,
): void {
  const sizes = values.map((value, at) => Math.abs(value - seasonal[at]! - trend[at]!));
  const sorted = sizes.slice().sort();
  const middle = sorted.length >> 1;
  const limit = 3 * (sorted[middle]! + sorted[sorted.length - 1 - middle]!);
  for (let at = 0; at < sizes.length; at++) {
    const size = sizes[at]!;
    if (size <= 0.001 * limit) weights[at] = 1;
    else weights[at] = size > 0.999 * limit ? 0 : (1 - (size / limit) ** 2) ** 2;
  }
}

function checkStl(values: Float64Array, period: number, seasonal: number, trend: number): void {
  const refuse = (option: string, value: number, expected: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  };
  if (!Number.isInteger(period) || period < 2) refuse('period', period, 'a whole number from 2 up');
  if (!Number.isInteger(seasonal) || seasonal < 7 || seasonal % 2 === 0) {
    refuse('seasonal', seasonal, 'an odd number from 7 up');
  }
  if (!Number.isInteger(trend) || trend <= period || trend % 2 === 0) {
    refuse('trend', trend, `an odd number above the period of ${period}`);
  }
  if (values.length < 2 * period) {
    throw new QuarterdeckError(
      'DATA_TOO_FEW_ROWS',
      `${values.length} values, at least ${2 * period} are needed`,
    );
  }
}

function nextOdd(value: number): number {
  return value % 2 === 1 ? value : value + 1;
}
