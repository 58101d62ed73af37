import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { checkMatrix, type Matrix } from '../matrix';
import { searchNeighbors } from '../neighbors';
import { checkAborted, type RunControl } from '../run';
import type { Curve } from './curve';
import { gradientTables, type GradientTables } from './gradientTables';
import type { CompleteUmapOptions } from './options';
import { placePoints } from './placePoints';
import { smoothDistances } from './smoothDistances';

export interface FittedUmap {
  readonly options: CompleteUmapOptions;
  /** Columns of the data it was fitted on. */
  readonly dimensions: number;
  /** `n × components`: the training rows. */
  readonly embedding: Matrix;
  /** Where the descent started; `pca` also when a spectral start was asked for and did not converge. */
  readonly start: 'spectral' | 'pca';
  /**
   * Places new rows (`m × d`) into the embedding. A row's place does not depend on the other rows.
   * @throws DATA_EMPTY, DATA_NOT_FINITE, DATA_WIDTH_MISMATCH, ABORTED.
   */
  transform(queries: Matrix, control?: RunControl): Promise<Matrix>;
  toBytes(): Uint8Array;
}

/** All that a transform needs. */
export interface UmapState {
  readonly options: CompleteUmapOptions;
  readonly training: Matrix;
  readonly embedding: Matrix;
  /** Neighbours used, which small data cuts below the option. */
  readonly neighbors: number;
  /** Mean distance between training neighbours. */
  readonly meanDistance: number;
  readonly curve: Curve;
  readonly start: 'spectral' | 'pca';
  /** Epochs of each new point. */
  readonly transformEpochs: number;
  readonly seed: number;
}

/** New points start near where they belong: shorter steps than the fit's (umap-learn). */
const transformRateShare = 4;

const kind = 'umap';
const formatVersion = 1;

export function fittedUmap(state: UmapState): FittedUmap {
  const { options, training, embedding, neighbors } = state;
  let tables: GradientTables | undefined;
  return {
    options,
    dimensions: training.d,
    embedding,
    start: state.start,
    async transform(queries, control) {
      checkMatrix(queries);
      if (queries.d !== training.d) {
        throw new QuarterdeckError(
          'DATA_WIDTH_MISMATCH',
          `the data has ${queries.d} columns, the model was fitted on ${training.d}`,
        );
      }
      const found = await searchNeighbors(training, queries, { neighbors, metric: options.metric }, control);
      checkAborted(control);
      const metric = smoothDistances(found, Math.max(0, options.localConnectivity - 1), state.meanDistance);
      return placePoints(
        {
          queries,
          neighbors: found,
          metric,
          embedding,
          epochs: state.transformEpochs,
          learningRate: options.learningRate / transformRateShare,
          negativeSampleRate: options.negativeSampleRate,
          tables: (tables ??= gradientTables(state.curve, options.repulsionStrength)),
          seed: state.seed,
        },
        control,
      );
    },
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: {
          options,
          rows: training.n,
          dimensions: training.d,
          neighbors,
          meanDistance: state.meanDistance,
          curve: state.curve,
          start: state.start,
          transformEpochs: state.transformEpochs,
          seed: state.seed,
        },
        arrays: { training: training.values, embedding: embedding.values },
      }),
  };
}

interface StoredParameters {
  readonly options: CompleteUmapOptions;
  readonly rows: number;
  readonly dimensions: number;
  readonly neighbors: number;
  readonly meanDistance: number;
  readonly curve: Curve;
  readonly start: 'spectral' | 'pca';
  readonly transformEpochs: number;
  readonly seed: number;
}

/** @throws MODEL_BYTES_INVALID. */
export function umapFromBytes(bytes: Uint8Array): FittedUmap {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const stored = parameters as unknown as StoredParameters;
  const training = arrays['training'];
  const embedding = arrays['embedding'];
  if (
    !(training instanceof Float32Array && training.length === stored.rows * stored.dimensions) ||
    !(embedding instanceof Float32Array && embedding.length === stored.rows * stored.options.components)
  ) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'not a umap model: its arrays do not fit its sizes');
  }
  const { rows: n, dimensions: d, ...rest } = stored;
  return fittedUmap({
    ...rest,
    training: { values: training, n, d },
    embedding: { values: embedding, n, d: stored.options.components },
  });
}
