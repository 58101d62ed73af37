import type { Random } from '../../../contracts';
import { fitPca } from '../../decompose';
import { columnMeans } from '../../decompose/gram';
import { checkMatrix, rowOf, type Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector, FittedDetector } from '../detector';
import { requireBetween, requireOption, withDefaults } from '../detectorOptions';
import { fitColumnScale, standardize } from './columnScale';
import {
  combineViews,
  energyOf,
  fittedLinearResiduals,
  viewEnergies,
  type LinearResidualsState,
} from './fittedLinearResiduals';
import { MovingAverages } from '../movingAverages';
import { ResidualWalk, viewCount, type ResidualModel } from './residualModel';
import { fitTransition } from './transition';

/**
 * Holds each row of a multivariate series against four linear expectations learnt from training: the principal
 * subspace of its columns, a vector autoregression on the row before, and two moving averages. The logarithms of
 * the squared residuals, each in units of its own spread in training, are summed, so that many columns a little
 * off weigh as much as one far off, and smoothed over several spans, as faults last and noise does not.
 * Strong linear baselines of this kind are what Sarfraz et al. 2024 ("Quo Vadis, Unsupervised Time Series Anomaly
 * Detection?") find ahead of deep detectors.
 */
export interface LinearResidualsOptions {
  /** Share of the variance that the principal subspace holds. Default 0.9. */
  readonly varianceShare: number;
  /** Standard deviations at which values are clipped. Default 20. */
  readonly clip: number;
  /** Spans, in rows, of the moving averages that values are held against. Default 10 and 60. */
  readonly deviationSpans: readonly number[];
  /** Spans, in rows, of the moving averages of the score. Default 15, 60 and 240. */
  readonly smoothingSpans: readonly number[];
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

const defaults: LinearResidualsOptions = {
  varianceShare: 0.9,
  clip: 20,
  deviationSpans: [10, 60],
  smoothingSpans: [15, 60, 240],
  contamination: defaultContamination,
};

const minimumRows = 3;
/** Least spread of a residual, in standard deviations of its column: what is predicted exactly is not divided by zero. */
const leastSpread = 0.1;
/** Least spread of a view's energy, where training rows are all alike. */
const leastEnergySpread = 1e-3;
const rowsPerBreath = 4096;

function checkOptions(options: LinearResidualsOptions): void {
  const { varianceShare, clip, deviationSpans, smoothingSpans, contamination } = options;
  requireBetween('varianceShare', varianceShare, 0, 1);
  requireBetween('clip', clip, 0, 1e6);
  const spans = (values: readonly number[]): boolean =>
    values.length > 0 && values.every((span) => span >= 1 && span < 1e9);
  requireOption('deviationSpans', deviationSpans.join(), spans(deviationSpans), 'spans from 1 up');
  requireOption('smoothingSpans', smoothingSpans.join(), spans(smoothingSpans), 'spans from 1 up');
  requireContamination(contamination);
}

async function fit(
  data: Matrix,
  options: Partial<LinearResidualsOptions>,
  random: Random,
  run?: RunControl,
): Promise<FittedDetector> {
  checkMatrix(data, { minimumRows });
  const complete = withDefaults(defaults, options);
  checkOptions(complete);
  checkAborted(run);
  const model = await fitModel(data, complete, random, run);
  const spread = await residualSpread(model, data, run);
  const training = await trainingEnergies(model, spread, data, run);
  const views = viewCount(model);
  const averages = new MovingAverages(complete.smoothingSpans);
  const scores = Float64Array.from({ length: data.n }, (_, row) =>
    averages.update(combineViews(training.energies.subarray(row * views, (row + 1) * views), training)),
  );
  return fittedLinearResiduals({
    ...model,
    spread,
    columnEnergyMean: training.columnEnergyMean,
    energyMean: training.energyMean,
    energySpread: training.energySpread,
    smoothingSpans: complete.smoothingSpans,
    threshold: contaminationThreshold(scores, complete.contamination),
  });
}

async function fitModel(
  data: Matrix,
  { clip, varianceShare, deviationSpans }: LinearResidualsOptions,
  random: Random,
  run: RunControl | undefined,
): Promise<ResidualModel> {
  const scale = fitColumnScale(data, clip);
  const standardized = standardize(scale, data);
  const mean = columnMeans(standardized);
  // Its own progress would count stages that are none of this detector's.
  const { components } = await fitPca(
    standardized,
    { varianceShare },
    random,
    run && { ...run, onProgress: () => undefined },
  );
  run?.onProgress?.({ stage: 'subspace', done: 1, total: 1 });
  checkAborted(run);
  const transition = await fitTransition(standardized, mean, run);
  return { d: data.d, scale, mean, components, transition, deviationSpans };
}

/** Root mean square of every residual over the training rows. */
async function residualSpread(
  model: ResidualModel,
  data: Matrix,
  run: RunControl | undefined,
): Promise<Float64Array> {
  const walk = new ResidualWalk(model);
  const squares = new Float64Array(viewCount(model) * data.d);
  for (let row = 0; row < data.n; row++) {
    walk.step(rowOf(data, row));
    for (let at = 0; at < squares.length; at++) squares[at]! += walk.residuals[at]! ** 2;
    if (row % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'residuals', done: row, total: data.n });
      await breathe(run);
    }
  }
  return squares.map((sum) => Math.max(leastSpread, Math.sqrt(sum / data.n)));
}

interface TrainingEnergies extends Pick<
  LinearResidualsState,
  'columnEnergyMean' | 'energyMean' | 'energySpread'
> {
  /** `n × views`. */
  readonly energies: Float64Array;
}

async function trainingEnergies(
  model: ResidualModel,
  spread: Float64Array,
  data: Matrix,
  run: RunControl | undefined,
): Promise<TrainingEnergies> {
  const views = viewCount(model);
  const energies = new Float64Array(data.n * views);
  const columnEnergyMean = new Float64Array(views * data.d);
  const walk = new ResidualWalk(model);
  for (let row = 0; row < data.n; row++) {
    walk.step(rowOf(data, row));
    viewEnergies(walk, spread, data.d, energies.subarray(row * views, (row + 1) * views));
    for (let at = 0; at < spread.length; at++) {
      columnEnergyMean[at]! += energyOf(walk.residuals[at]!, spread[at]!) / data.n;
    }
    if (row % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'energies', done: row, total: data.n });
      await breathe(run);
    }
  }
  const energyMean = new Float64Array(views);
  energies.forEach((energy, at) => (energyMean[at % views]! += energy / data.n));
  const squares = new Float64Array(views);
  energies.forEach((energy, at) => (squares[at % views]! += (energy - energyMean[at % views]!) ** 2));
  const energySpread = squares.map((sum) => Math.max(leastEnergySpread, Math.sqrt(sum / data.n)));
  return { energies, columnEnergyMean, energyMean, energySpread };
}

export const linearResiduals: Detector<LinearResidualsOptions> = {
  name: 'linear_residuals',
  kind: 'series',
  minimumRows,
  fit,
};
