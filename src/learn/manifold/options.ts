import { QuarterdeckError } from '../../contracts';
import { metrics, type Metric } from '../neighbors';

/** Options of a fit, named as in umap-learn in full words. */
export interface UmapOptions {
  /** Columns of the embedding. */
  readonly components: number;
  /** Neighbours of a point, itself among them: small values keep detail, large ones the whole. */
  readonly neighbors: number;
  /** How close embedded points may lie. */
  readonly minimumDistance: number;
  /** Scale of the embedded points; with `minimumDistance` it sets how clumped they are. Default 1. */
  readonly spread?: number;
  readonly metric: Metric;
  /** Passes over the graph's edges. Default 500 up to 10,000 rows and 200 above. */
  readonly epochs?: number;
  /** Where the descent starts. Default spectral. */
  readonly start?: 'spectral' | 'pca';
  /** Pushes for each pull. Default 5. */
  readonly negativeSampleRate?: number;
  /** Length of the first steps. Default 1. */
  readonly learningRate?: number;
  /** 1: a connection of either direction counts; 0: only mutual ones do. Default 1. */
  readonly setOperationMixRatio?: number;
  /** Nearest neighbours that a point is fully connected with. Default 1. */
  readonly localConnectivity?: number;
  /** Weight of the pushes. Default 1. */
  readonly repulsionStrength?: number;
}

export type CompleteUmapOptions = Required<UmapOptions>;

/** umap-learn's: small data can afford, and needs, more passes. */
const smallDataRows = 10_000;
const epochsOfSmallData = 500;
const epochsOfLargeData = 200;

export function defaultEpochs(rows: number): number {
  return rows <= smallDataRows ? epochsOfSmallData : epochsOfLargeData;
}

/** Fills in the defaults for data of `rows` rows. Throws PARAMETER_INVALID naming the option. */
export function completeOptions(options: UmapOptions, rows: number): CompleteUmapOptions {
  const complete: CompleteUmapOptions = {
    components: options.components,
    neighbors: options.neighbors,
    minimumDistance: options.minimumDistance,
    spread: options.spread ?? 1,
    metric: options.metric,
    epochs: options.epochs ?? defaultEpochs(rows),
    start: options.start ?? 'spectral',
    negativeSampleRate: options.negativeSampleRate ?? 5,
    learningRate: options.learningRate ?? 1,
    setOperationMixRatio: options.setOperationMixRatio ?? 1,
    localConnectivity: options.localConnectivity ?? 1,
    repulsionStrength: options.repulsionStrength ?? 1,
  };
  const require = (option: keyof UmapOptions, holds: boolean, expected: string): void => {
    if (holds) return;
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `${option} is ${complete[option]}, expected ${expected}`,
      {
        culprit: { option },
      },
    );
  };
  const { spread, minimumDistance, setOperationMixRatio } = complete;
  const wholeFrom = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
  const finiteFrom = (value: number, least: number): boolean => Number.isFinite(value) && value >= least;
  const positive = (value: number): boolean => Number.isFinite(value) && value > 0;
  require('components', wholeFrom(complete.components, 1), 'a whole number of at least 1');
  require('neighbors', wholeFrom(complete.neighbors, 2), 'a whole number of at least 2');
  require('spread', positive(spread), 'a number above 0');
  require('minimumDistance', minimumDistance >= 0 && minimumDistance <= spread, 'a number from 0 to spread');
  require('metric', metrics.includes(complete.metric), metrics.join(' or '));
  require('epochs', wholeFrom(complete.epochs, 1), 'a whole number of at least 1');
  require('start', ['spectral', 'pca'].includes(complete.start), 'spectral or pca');
  require('negativeSampleRate', positive(complete.negativeSampleRate), 'a number above 0');
  require('learningRate', positive(complete.learningRate), 'a number above 0');
  require('setOperationMixRatio', setOperationMixRatio >= 0 &&
    setOperationMixRatio <= 1, 'a number from 0 to 1');
  require('localConnectivity', finiteFrom(complete.localConnectivity, 0), 'a number of at least 0');
  require('repulsionStrength', finiteFrom(complete.repulsionStrength, 0), 'a number of at least 0');
  return complete;
}
