import { decodeModel } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { checkAborted } from '../../run';
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

/** How far each value is from the column's centre, in the column's spread. Rows are scored each for itself. */
export interface CenterOptions extends ColumnOptions {
  readonly contamination: number;
}

const formatVersion = 1;
const defaults: CenterOptions = { combine: defaultCombination, contamination: defaultContamination };

/** Centre and spread of one column's training values. */
type Estimate = (values: Float64Array) => { center: number; spread: number };

/** Mean and standard deviation: `z_score`. */
export const zScore = centerDetector('z_score', (values) => {
  const center = meanOf(values);
  return { center, spread: deviationOf(values, center) };
});

/**
 * Median and median absolute deviation, which up to half of the rows cannot move: `median_absolute_deviation`. Where more
 * than half of a column's values are one and the same, its spread is the standard deviation instead.
 */
export const medianAbsoluteDeviation = centerDetector('median_absolute_deviation', (values) => {
  const center = medianOf(values);
  const spread = robustDeviationOf(values, center);
  return { center, spread: spread > 0 ? spread : deviationOf(values, meanOf(values)) };
});

function centerDetector(name: string, estimate: Estimate): DetectorEntry {
  const fitted = (
    centers: Float64Array,
    spreads: Float64Array,
    combine: ColumnCombination,
    threshold: number,
  ): FittedDetector =>
    fittedColumns({
      name,
      kind: 'points',
      formatVersion,
      d: centers.length,
      combine,
      threshold,
      content: { parameters: {}, arrays: { centers, spreads } },
      start: () => tracker(centers, spreads),
    });
  return {
    detector: {
      name,
      kind: 'points',
      minimumRows: 2,
      async fit(data: Matrix, given: Partial<CenterOptions>, _random, run) {
        const options = withDefaults(defaults, given);
        requireCombination(options.combine);
        requireContamination(options.contamination);
        checkMatrix(data, { minimumRows: 2 });
        checkAborted(run);
        const centers = new Float64Array(data.d);
        const spreads = new Float64Array(data.d);
        for (let column = 0; column < data.d; column++) {
          const { center, spread } = estimate(columnOf(data, column));
          centers[column] = center;
          spreads[column] = Math.max(spread, leastSpread(center));
        }
        const scores = scoreColumns(tracker(centers, spreads), data, options.combine);
        const threshold = contaminationThreshold(scores, options.contamination);
        return Promise.resolve(fitted(centers, spreads, options.combine, threshold));
      },
    },
    fromBytes(bytes) {
      const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
      return fitted(
        arrays['centers'] as Float64Array,
        arrays['spreads'] as Float64Array,
        parameters['combine'] as ColumnCombination,
        Number(parameters['threshold']),
      );
    },
  };
}

function tracker(centers: Float64Array, spreads: Float64Array): ColumnTracker {
  return {
    step(row, deviations) {
      for (let column = 0; column < centers.length; column++) {
        const deviation = Math.abs(row[column]! - centers[column]!) / spreads[column]!;
        deviations[column] = Math.min(deviation, mostDeviation);
      }
    },
  };
}
