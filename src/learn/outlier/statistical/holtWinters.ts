import { decodeModel } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { breathe, checkAborted } from '../../run';
import {
  copyState,
  expectedNext,
  fitHoltWinters,
  smooth,
  type FittedHoltWinters,
  type HoltWintersState,
  type HoltWintersWeights,
  type Seasonality,
} from '../../series';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { DetectorEntry, FittedDetector } from '../detector';
import { requireOption, withDefaults } from '../detectorOptions';
import {
  defaultCombination,
  fittedColumns,
  mostDeviation,
  requireCombination,
  scoreColumns,
  type ColumnCombination,
  type ColumnOptions,
  type ColumnTracker,
} from './columnDetector';
import { columnOf, deviationOf, leastSpread, meanOf, robustDeviationOf } from './scale';
import { periodsOf, requirePeriod, type Period } from './seasonOption';

/**
 * `holt_winters`: how far each value is from what triple exponential smoothing expects, in the spread of the training
 * errors. Scored rows are taken to follow the training rows, so the season goes on where those ended.
 */
export interface HoltWintersDetectorOptions extends ColumnOptions {
  readonly period: Period;
  /** `multiplicative` falls back to `additive` for a column that is not above 0 throughout. */
  readonly seasonality: Exclude<Seasonality, 'none'>;
  readonly contamination: number;
}

const name = 'holt_winters';
const formatVersion = 1;
const minimumRows = 10;
const defaults: HoltWintersDetectorOptions = {
  period: 'auto',
  seasonality: 'additive',
  combine: defaultCombination,
  contamination: defaultContamination,
};

/** Values farther off than this enter level, trend and season as if they were this far. */
const mostInfluence = 4;

interface Column {
  readonly seasonality: Seasonality;
  readonly weights: HoltWintersWeights;
  readonly state: HoltWintersState;
  readonly spread: number;
}

export const holtWinters: DetectorEntry = {
  detector: {
    name,
    kind: 'series',
    minimumRows,
    async fit(data: Matrix, given: Partial<HoltWintersDetectorOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      requirePeriod(options.period);
      requireOption(
        'seasonality',
        options.seasonality,
        ['additive', 'multiplicative'].includes(options.seasonality),
        'additive or multiplicative',
      );
      requireCombination(options.combine);
      requireContamination(options.contamination);
      checkMatrix(data, { minimumRows });
      checkAborted(run);
      const periods = periodsOf(data, options.period, 2);
      const starts: Column[] = [];
      for (let column = 0; column < data.d; column++) {
        const values = columnOf(data, column);
        const start = fitColumn(values, periods[column]!, options.seasonality);
        starts.push(start);
        run?.onProgress?.({ stage: name, done: column + 1, total: data.d });
        await breathe(run);
      }
      // Following the training rows leaves the columns in the state in which scoring begins.
      const columns = starts.map((column) => ({ ...column, state: copyState(column.state) }));
      const scores = scoreColumns(follow(columns), data, options.combine);
      const threshold = contaminationThreshold(scores, options.contamination);
      return fittedDetector(columns, options.combine, threshold);
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const numbers = arrays['numbers'] as Float64Array;
    const seasons = arrays['seasons'] as Float64Array;
    const seasonalities = parameters['seasonalities'] as Seasonality[];
    let from = 0;
    const columns = seasonalities.map((seasonality, column): Column => {
      const at = column * numbersPerColumn;
      const [alpha, beta, gamma, level, trend, place, spread, length] = numbers.subarray(
        at,
        at + numbersPerColumn,
      );
      const season = seasons.slice(from, from + length!);
      from += length!;
      return {
        seasonality,
        weights: { alpha: alpha!, beta: beta!, gamma: gamma! },
        state: { level: level!, trend: trend!, place: place!, season },
        spread: spread!,
      };
    });
    return fittedDetector(
      columns,
      parameters['combine'] as ColumnCombination,
      Number(parameters['threshold']),
    );
  },
};

const numbersPerColumn = 8;

/**
 * Fits twice: squared errors bend to outliers, so that the second time values far from what the first fit expected
 * give way to that. The state is the one before the first value.
 */
function fitColumn(values: Float64Array, period: number, wanted: Seasonality): Column {
  const positive = values.every((value) => value > 0);
  const seasonality = period === 0 ? 'none' : wanted === 'multiplicative' && !positive ? 'additive' : wanted;
  const options = { period: Math.max(period, 2), seasonality };
  const first = asColumn(values, fitHoltWinters(values, options));
  const expected = expectations(values, first);
  const bound = mostInfluence * first.spread;
  const tamed = values.map((value, at) =>
    Math.abs(value - expected[at]!) <= bound
      ? value
      : seasonality === 'multiplicative'
        ? Math.abs(expected[at]!)
        : expected[at]!,
  );
  return asColumn(values, fitHoltWinters(tamed, options));
}

/** The spread is that of the errors over the training values, by their median: anomalies do not widen it. */
function asColumn(
  values: Float64Array,
  { seasonality, start, alpha, beta, gamma }: FittedHoltWinters,
): Column {
  const column = { seasonality, weights: { alpha, beta, gamma }, state: start, spread: Infinity };
  const expected = expectations(values, column);
  const errors = values.map((value, at) => value - expected[at]!);
  const mean = meanOf(values);
  const robust = robustDeviationOf(errors, 0);
  // A hundredth of the column's own spread: errors smaller than that are never news.
  const least = Math.max(deviationOf(values, mean) / 100, leastSpread(mean));
  return { ...column, spread: Math.max(robust > 0 ? robust : deviationOf(errors, 0), least) };
}

/** What was expected at each value; errors beyond `mostInfluence` spreads go into the state as that many. */
function expectations(
  values: Float64Array,
  { seasonality, weights, state: start, spread }: Column,
): Float64Array {
  const state = copyState(start);
  const bound = mostInfluence * spread;
  return values.map((value) => {
    const expected = expectedNext(state, seasonality);
    smooth(state, bounded(value, expected, bound), weights, seasonality);
    return expected;
  });
}

function bounded(value: number, expected: number, bound: number): number {
  return Math.max(expected - bound, Math.min(expected + bound, value));
}

/** Follows the columns in their states themselves. */
function follow(columns: readonly Column[]): ColumnTracker {
  return {
    step(row, deviations) {
      for (let at = 0; at < columns.length; at++) {
        const { seasonality, weights, state, spread } = columns[at]!;
        const expected = expectedNext(state, seasonality);
        deviations[at] = Math.min(Math.abs(row[at]! - expected) / spread, mostDeviation);
        smooth(state, bounded(row[at]!, expected, mostInfluence * spread), weights, seasonality);
      }
    },
  };
}

function fittedDetector(
  columns: readonly Column[],
  combine: ColumnCombination,
  threshold: number,
): FittedDetector {
  const numbers = columns.flatMap(({ weights: { alpha, beta, gamma }, state, spread }) => [
    alpha,
    beta,
    gamma,
    state.level,
    state.trend,
    state.place,
    spread,
    state.season.length,
  ]);
  return fittedColumns({
    name,
    kind: 'series',
    formatVersion,
    d: columns.length,
    combine,
    threshold,
    content: {
      parameters: { seasonalities: columns.map(({ seasonality }) => seasonality) },
      arrays: {
        numbers: Float64Array.from(numbers),
        seasons: Float64Array.from(columns.flatMap(({ state }) => [...state.season])),
      },
    },
    start: () => follow(columns.map((column) => ({ ...column, state: copyState(column.state) }))),
  });
}
