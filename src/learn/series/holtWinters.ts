import { QuarterdeckError } from '../../contracts';
import { minimize } from './nelderMead';

/**
 * Triple exponential smoothing (Holt 1957, Winters 1960), in the form of Hyndman et al., "Forecasting with
 * exponential smoothing" (2008): a level, a trend, and one seasonal index for each place in the period.
 */
export type Seasonality = 'additive' | 'multiplicative' | 'none';

export interface HoltWintersOptions {
  /** Values of one season, at least 2; ignored without seasonality. */
  readonly period: number;
  readonly seasonality: Seasonality;
}

export interface HoltWintersState {
  level: number;
  trend: number;
  /** The index of each place in the period; `place` is the one of the next value. */
  readonly season: Float64Array;
  place: number;
}

export interface HoltWintersWeights {
  /** Weight of the newest value in the level, of the newest step in the trend, of the newest ratio in the season. */
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

export interface FittedHoltWinters extends HoltWintersWeights {
  readonly seasonality: Seasonality;
  /** Sum of squares of the one-step errors over the training values. */
  readonly squaredError: number;
  /** State before the first training value. */
  readonly start: HoltWintersState;
  /** State after the last training value. */
  readonly end: HoltWintersState;
}

/**
 * Fits the three weights by least squares of the one-step errors; the first states come from the first two seasons.
 * @param values without gaps; more than two seasons. Multiplicative seasons need positive values.
 * @throws DATA_TOO_FEW_ROWS, PARAMETER_INVALID (period; multiplicative with values that are not positive).
 */
export function fitHoltWinters(values: Float64Array, options: HoltWintersOptions): FittedHoltWinters {
  checkHoltWinters(values, options);
  const { seasonality } = options;
  const start = startingState(values, options);
  const evaluate = ([alpha, beta, gamma]: readonly number[]): number =>
    squaredErrors(values, copyState(start), { alpha: alpha!, beta: beta!, gamma: gamma! }, seasonality);
  // The sum of squares has several valleys: the descent begins at the best of a few places.
  const begin = startingWeights
    .map((weights) => ({ weights, value: evaluate(weights) }))
    .reduce((best, one) => (one.value < best.value ? one : best));
  const found = minimize(evaluate, begin.weights, simplex);
  const [alpha, beta, gamma] = found.point as [number, number, number];
  const end = copyState(start);
  squaredErrors(values, end, { alpha, beta, gamma }, seasonality);
  return { alpha, beta, gamma, seasonality, squaredError: found.value, start, end };
}

const startingWeights: readonly (readonly number[])[] = [
  [0.3, 0.02, 0.1],
  [0.05, 0.005, 0.3],
  [0.8, 0.02, 0.05],
];

const simplex = {
  lower: [1e-4, 0, 0],
  // A trend that follows every step, or a season that forgets at once, is no longer either.
  upper: [0.9999, 0.5, 0.9999],
  stepShare: 0.1,
  tolerance: 1e-7,
  mostEvaluations: 300,
};

/** The value expected next. */
export function expectedNext(state: HoltWintersState, seasonality: Seasonality): number {
  const base = state.level + state.trend;
  if (seasonality === 'none') return base;
  const index = state.season[state.place]!;
  return seasonality === 'additive' ? base + index : base * index;
}

/** Takes the next value into the state. */
export function smooth(
  state: HoltWintersState,
  value: number,
  { alpha, beta, gamma }: HoltWintersWeights,
  seasonality: Seasonality,
): void {
  const base = state.level + state.trend;
  const index = state.season[state.place]!;
  const previous = state.level;
  if (seasonality === 'none') state.level = alpha * value + (1 - alpha) * base;
  else if (seasonality === 'additive') {
    state.level = alpha * (value - index) + (1 - alpha) * base;
    state.season[state.place] = gamma * (value - base) + (1 - gamma) * index;
  } else {
    state.level = alpha * (value / awayFromZero(index)) + (1 - alpha) * base;
    state.season[state.place] = gamma * (value / awayFromZero(base)) + (1 - gamma) * index;
  }
  state.trend = beta * (state.level - previous) + (1 - beta) * state.trend;
  if (++state.place === state.season.length) state.place = 0;
}

export function copyState(state: HoltWintersState): HoltWintersState {
  return { ...state, season: state.season.slice() };
}

/** Runs through the values, leaves the state after the last. */
function squaredErrors(
  values: Float64Array,
  state: HoltWintersState,
  weights: HoltWintersWeights,
  seasonality: Seasonality,
): number {
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    const error = values[at]! - expectedNext(state, seasonality);
    squares += error * error;
    smooth(state, values[at]!, weights, seasonality);
  }
  return squares;
}

/** Values whose straight line gives the first level and trend where there is no season. */
const startingLine = 20;

/** Least squares; `level` is the line's value at the first place. */
function straightLine(values: Float64Array): { level: number; slope: number } {
  const middle = (values.length - 1) / 2;
  let mean = 0;
  let products = 0;
  let squares = 0;
  values.forEach((value, at) => {
    mean += value / values.length;
    products += (at - middle) * value;
    squares += (at - middle) ** 2;
  });
  const slope = products / squares;
  return { level: mean - slope * middle, slope };
}

/** Mean of the first season, mean step from the first to the second, and what is left of the first. */
function startingState(values: Float64Array, { period, seasonality }: HoltWintersOptions): HoltWintersState {
  if (seasonality === 'none') {
    const { level, slope } = straightLine(values.subarray(0, startingLine));
    return { level: level - slope, trend: slope, season: new Float64Array(1), place: 0 };
  }
  let first = 0;
  let second = 0;
  for (let at = 0; at < period; at++) {
    first += values[at]! / period;
    second += values[at + period]! / period;
  }
  const season = new Float64Array(period);
  for (let at = 0; at < period; at++) {
    season[at] = seasonality === 'additive' ? values[at]! - first : values[at]! / first;
  }
  return { level: first, trend: (second - first) / period, season, place: 0 };
}

function checkHoltWinters(values: Float64Array, { period, seasonality }: HoltWintersOptions): void {
  if (!['additive', 'multiplicative', 'none'].includes(seasonality)) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `seasonality is ${seasonality}, expected additive, multiplicative or none`,
      { culprit: { option: 'seasonality' } },
    );
  }
  if (seasonality !== 'none' && !(Number.isInteger(period) && period >= 2)) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `period is ${period}, expected a whole number from 2 up`,
      {
        culprit: { option: 'period' },
      },
    );
  }
  const needed = seasonality === 'none' ? 3 : 2 * period + 1;
  if (values.length < needed) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${values.length} values, at least ${needed} are needed`);
  }
  if (seasonality === 'multiplicative' && values.some((value) => value <= 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', 'multiplicative seasons need values above 0', {
      culprit: { option: 'seasonality' },
    });
  }
}

function awayFromZero(value: number): number {
  return Math.abs(value) < Number.EPSILON ? Number.EPSILON : value;
}
