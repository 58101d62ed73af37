import { decodeModel } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { checkAborted } from '../../run';
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
import { columnOf, deviationOf, leastSpread, meanOf } from './scale';

/**
 * `ewma`: how far each value is from the exponentially weighted mean of those before it, in the exponentially
 * weighted standard deviation of such differences (Roberts 1959; the variance's recursion after Finch 2009). Scored
 * rows are taken to follow the training rows.
 */
export interface EwmaOptions extends ColumnOptions {
  /** Weight of the newest value in the mean, above 0 and up to 1. */
  readonly alpha: number;
  /** Weight of the newest squared difference in the variance; small, so that an anomaly does not excuse the next. */
  readonly varianceAlpha: number;
  readonly contamination: number;
}

const name = 'ewma';
const formatVersion = 1;
const minimumRows = 10;
const defaults: EwmaOptions = {
  alpha: 0.2,
  varianceAlpha: 0.001,
  combine: defaultCombination,
  contamination: defaultContamination,
};

/** A value farther off than this counts as this far in mean and variance: one spike must not become the level. */
const mostInfluence = 5;

interface State {
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** Least variances, so that a column at rest keeps a scale. */
  readonly floors: Float64Array;
}

type Fitted = State &
  Pick<EwmaOptions, 'alpha' | 'varianceAlpha' | 'combine'> & { readonly threshold: number };

export const ewma: DetectorEntry = {
  detector: {
    name,
    kind: 'series',
    minimumRows,
    async fit(data: Matrix, given: Partial<EwmaOptions>, _random, run) {
      const options = withDefaults(defaults, given);
      for (const option of ['alpha', 'varianceAlpha'] as const) {
        const weight = options[option];
        requireOption(option, weight, weight > 0 && weight <= 1, 'a number above 0 and up to 1');
      }
      requireCombination(options.combine);
      requireContamination(options.contamination);
      checkMatrix(data, { minimumRows });
      checkAborted(run);
      const state = startingState(data);
      const scores = scoreColumns(follow(state, options), data, options.combine);
      const threshold = contaminationThreshold(scores, options.contamination);
      return Promise.resolve(fittedEwma({ ...state, ...options, threshold }));
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    return fittedEwma({
      means: arrays['means'] as Float64Array,
      variances: arrays['variances'] as Float64Array,
      floors: arrays['floors'] as Float64Array,
      alpha: Number(parameters['alpha']),
      varianceAlpha: Number(parameters['varianceAlpha']),
      combine: parameters['combine'] as ColumnCombination,
      threshold: Number(parameters['threshold']),
    });
  },
};

/** The first value, and the variance of the steps from value to value. */
function startingState(data: Matrix): State {
  const means = new Float64Array(data.d);
  const variances = new Float64Array(data.d);
  const floors = new Float64Array(data.d);
  for (let column = 0; column < data.d; column++) {
    const values = columnOf(data, column);
    const mean = meanOf(values);
    const deviation = deviationOf(values, mean);
    const steps = values.subarray(1).map((value, at) => value - values[at]!);
    means[column] = values[0]!;
    // A hundredth of the column's own spread: steps smaller than that are never news.
    floors[column] = Math.max(deviation / 100, leastSpread(mean)) ** 2;
    variances[column] = Math.max(deviationOf(steps, 0) ** 2, floors[column]!);
  }
  return { means, variances, floors };
}

/** Follows the columns in the arrays of `state` themselves. */
function follow(
  state: State,
  { alpha, varianceAlpha }: Pick<EwmaOptions, 'alpha' | 'varianceAlpha'>,
): ColumnTracker {
  const { means, variances, floors } = state;
  return {
    step(row, deviations) {
      for (let column = 0; column < means.length; column++) {
        const spread = Math.sqrt(variances[column]!);
        const difference = row[column]! - means[column]!;
        deviations[column] = Math.min(Math.abs(difference) / spread, mostDeviation);
        const bound = mostInfluence * spread;
        const counted = Math.max(-bound, Math.min(bound, difference));
        means[column]! += alpha * counted;
        const variance = variances[column]! + varianceAlpha * (counted * counted - variances[column]!);
        variances[column] = Math.max(variance, floors[column]!);
      }
    },
  };
}

function fittedEwma(fitted: Fitted): FittedDetector {
  const { means, variances, floors, alpha, varianceAlpha } = fitted;
  return fittedColumns({
    name,
    kind: 'series',
    formatVersion,
    d: means.length,
    combine: fitted.combine,
    threshold: fitted.threshold,
    content: { parameters: { alpha, varianceAlpha }, arrays: { means, variances, floors } },
    start: () => follow({ means: means.slice(), variances: variances.slice(), floors }, fitted),
  });
}
