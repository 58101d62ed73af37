import { decodeModel } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { breathe, checkAborted } from '../../run';
import { decomposeStl } from '../../series';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { DetectorEntry, FittedDetector } from '../detector';
import { withDefaults } from '../detectorOptions';
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
import { columnOf, deviationOf, leastSpread, meanOf, medianOf, robustDeviationOf } from './scale';
import { periodsOf, requirePeriod, type Period } from './seasonOption';

/**
 * `seasonal_residual`: what is left of each value without its season and level, in the robust spread of what was left
 * of the training values. The season is that of a robust seasonal-trend decomposition by loess of the training
 * rows at its end, the level follows slowly; scored rows are taken to follow the training rows. A column without season keeps its level alone.
 */
export interface SeasonalResidualOptions extends ColumnOptions {
  readonly period: Period;
  readonly contamination: number;
}

const name = 'seasonal_residual';
const formatVersion = 1;
const minimumRows = 10;
const defaults: SeasonalResidualOptions = {
  period: 'auto',
  combine: defaultCombination,
  contamination: defaultContamination,
};

/** Two passes of lesser weights for outliers do most of what more would. */
const robustPasses = 2;
/** Seasons in which the level follows a step by some two thirds. */
const levelSeasons = 2;
/** The same, in rows, for a column without season. */
const levelRows = 200;
const mostInfluence = 3;
/** Each seasonal index is the median of so many: an outlier in the very last season must not become part of it. */
const seasonsOfMedian = 7;

interface Column {
  readonly season: Float64Array;
  readonly spread: number;
  readonly pace: number;
  level: number;
  place: number;
}

export const seasonalResidual: DetectorEntry = {
  // Every column is decomposed by loess.
  mostColumns: 8,
  detector: {
    name,
    kind: 'series',
    minimumRows,
    async fit(data: Matrix, given: Partial<SeasonalResidualOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      requirePeriod(options.period);
      requireCombination(options.combine);
      requireContamination(options.contamination);
      checkMatrix(data, { minimumRows });
      checkAborted(run);
      const periods = periodsOf(data, options.period, 2);
      const columns: Column[] = [];
      for (let column = 0; column < data.d; column++) {
        columns.push(fitColumn(columnOf(data, column), periods[column]!));
        run?.onProgress?.({ stage: name, done: column + 1, total: data.d });
        await breathe(run);
      }
      const starts = columns.map((column, at) => atStart(column, columnOf(data, at)));
      const scores = scoreColumns(follow(starts), data, options.combine);
      const threshold = contaminationThreshold(scores, options.contamination);
      return fittedDetector(columns, options.combine, threshold);
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const numbers = arrays['numbers'] as Float64Array;
    const seasons = arrays['seasons'] as Float64Array;
    let from = 0;
    const columns = Array.from({ length: Number(parameters['columns']) }, (_, column): Column => {
      const at = column * numbersPerColumn;
      const [spread, pace, level, place, length] = numbers.subarray(at, at + numbersPerColumn);
      const season = seasons.slice(from, from + length!);
      from += length!;
      return { season, spread: spread!, pace: pace!, level: level!, place: place! };
    });
    return fittedDetector(
      columns,
      parameters['combine'] as ColumnCombination,
      Number(parameters['threshold']),
    );
  },
};

const numbersPerColumn = 5;

function fitColumn(values: Float64Array, period: number): Column {
  const mean = meanOf(values);
  const least = Math.max(deviationOf(values, mean) / 100, leastSpread(mean));
  if (period === 0) {
    const tail = values.subarray(-levelRows);
    const spread = robustDeviationOf(values, medianOf(values));
    return {
      season: new Float64Array(1),
      spread: Math.max(spread > 0 ? spread : deviationOf(values, mean), least),
      pace: 1 / levelRows,
      level: medianOf(tail),
      place: 0,
    };
  }
  const { seasonal, trend } = decomposeStl(values, { period, robustPasses });
  const season = Float64Array.from({ length: period }, (_, place) =>
    medianOf(lastSeasons(seasonal, period).filter((_index, at) => at % period === place)),
  );
  // Against the season that scoring will use: the decomposition's own residuals shrink where seasons are few.
  const residual = values.map((value, at) => value - trend[at]! - season[at % period]!);
  const spread = robustDeviationOf(residual, 0);
  return {
    season,
    spread: Math.max(spread > 0 ? spread : deviationOf(residual, 0), least),
    pace: 1 / (levelSeasons * period),
    level: medianOf(trend.subarray(-period)),
    place: values.length % period,
  };
}

/** As many whole seasons of the end as may differ from each other by outliers alone, beginning at place 0. */
function lastSeasons(seasonal: Float64Array, period: number): Float64Array {
  const whole = Math.floor(seasonal.length / period);
  return seasonal.subarray(Math.max(0, whole - seasonsOfMedian) * period, whole * period);
}

/** The column as it was before the training rows, to score those. */
function atStart(column: Column, values: Float64Array): Column {
  const { season } = column;
  const head = values.subarray(0, Math.max(season.length, levelRows));
  return {
    ...column,
    place: 0,
    level: medianOf(head.map((value, at) => value - season[at % season.length]!)),
  };
}

/** Follows the columns in their own `level` and `place`. */
function follow(columns: readonly Column[]): ColumnTracker {
  return {
    step(row, deviations) {
      for (let at = 0; at < columns.length; at++) {
        const column = columns[at]!;
        const residual = row[at]! - column.level - column.season[column.place]!;
        deviations[at] = Math.min(Math.abs(residual) / column.spread, mostDeviation);
        const bound = mostInfluence * column.spread;
        column.level += column.pace * Math.max(-bound, Math.min(bound, residual));
        if (++column.place === column.season.length) column.place = 0;
      }
    },
  };
}

function fittedDetector(
  columns: readonly Column[],
  combine: ColumnCombination,
  threshold: number,
): FittedDetector {
  const numbers = columns.flatMap(({ spread, pace, level, place, season }) => [
    spread,
    pace,
    level,
    place,
    season.length,
  ]);
  return fittedColumns({
    name,
    kind: 'series',
    formatVersion,
    d: columns.length,
    combine,
    threshold,
    content: {
      parameters: {},
      arrays: {
        numbers: Float64Array.from(numbers),
        seasons: Float64Array.from(columns.flatMap(({ season }) => [...season])),
      },
    },
    start: () => follow(columns.map((column) => ({ ...column }))),
  });
}
