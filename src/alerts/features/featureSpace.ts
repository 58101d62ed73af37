import { QuarterdeckError, seededRandom } from '../../contracts';
import { decodeModel, encodeModel } from '../../learn/binary';
import { fitPca, pcaFromBytes, type FittedPca } from '../../learn/decompose';
import { checkMatrix, rowOf, type Matrix } from '../../learn/matrix';
import {
  fitIsolationForest,
  isolationForestFromBytes,
  type FittedIsolationForest,
} from '../../learn/outlier';
import type { RunControl } from '../../learn/run';
import { nameEmbeddingFromBytes, type NameEmbedding } from './nameEmbedding';
import { fitStandardScaler, standardize, type StandardScaler } from './standardScaler';

export interface FeatureSpaceOptions {
  /** Share of the rows that are set aside as outliers, above 0 and at most a half; 0 sets none aside. */
  readonly contamination: number;
  /** Share of the variance that the components keep, above 0 and at most 1. */
  readonly varianceThreshold: number;
  readonly seed: number;
  /** With which the rows were made: kept, so that new alerts get rows that mean the same. */
  readonly nameEmbedding?: NameEmbedding;
}

/** The space that alerts are clustered in: standardised features, reduced to their principal components. */
export interface FeatureSpace {
  /** Columns that a row has, and components that it is reduced to. */
  readonly columns: number;
  readonly components: number;
  /** Share of the variance along each component, most first. */
  readonly explainedVarianceRatio: Float64Array;
  /** Of the rows it was fitted on: 1 where set aside. Such rows do not shape the components, but have a place. */
  readonly outliers: Uint8Array;
  readonly nameEmbedding: NameEmbedding | undefined;
  /** `rows × components`. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE, DATA_RAGGED. */
  transform(rows: Matrix): Matrix;
  /** Of other rows: 1 where they would have been set aside. Throws as `transform`. */
  outliersAmong(rows: Matrix): Uint8Array;
  toBytes(): Uint8Array;
  /** The same in parts, for `featureSpaceFromFiles`. */
  toFiles(): FeatureSpaceFiles;
}

/** A space in parts, each with a format of its own. */
export interface FeatureSpaceFiles {
  readonly scaler: Uint8Array;
  readonly pca: Uint8Array;
  /** The isolation forest, where there is one, and the rows that were set aside. */
  readonly outliers: Uint8Array;
  readonly nameEmbedding: Uint8Array | undefined;
}

/** Half of them may be set aside, and the components need two. */
const minimumRows = 3;

/**
 * Standard scaler, then an isolation forest that sets outliers aside, then the principal components of the rest.
 * @param rows `n × d`, as `alertFeatures` gives them.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS (below 3), DATA_RAGGED, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export async function fitFeatureSpace(
  rows: Matrix,
  options: FeatureSpaceOptions,
  control?: RunControl,
): Promise<FeatureSpace> {
  checkMatrix(rows, { minimumRows });
  const random = seededRandom(options.seed);
  const scaler = fitStandardScaler(rows);
  const standardized = standardize(scaler, rows);
  const forest = await fitForest(standardized, options, control);
  const outliers = forest
    ? flags(await forest.scoreAll(standardized, control), forest.threshold)
    : new Uint8Array(rows.n);
  const pca = await fitPca(
    withoutFlagged(standardized, outliers),
    { varianceShare: options.varianceThreshold },
    random.fork('components'),
    control,
  );
  return featureSpace({ scaler, forest, pca, outliers, nameEmbedding: options.nameEmbedding });
}

async function fitForest(
  rows: Matrix,
  { contamination, seed }: FeatureSpaceOptions,
  control: RunControl | undefined,
): Promise<FittedIsolationForest | undefined> {
  if (contamination === 0) return undefined;
  return fitIsolationForest(rows, { contamination }, seededRandom(seed).fork('outliers'), control);
}

interface FeatureSpaceState {
  readonly scaler: StandardScaler;
  /** Undefined where no share is set aside. */
  readonly forest: FittedIsolationForest | undefined;
  readonly pca: FittedPca;
  readonly outliers: Uint8Array;
  readonly nameEmbedding: NameEmbedding | undefined;
}

const kind = 'alert_feature_space';
const scalerKind = 'standard_scaler';
const outlierKind = 'alert_outliers';
const formatVersion = 1;

function featureSpace(state: FeatureSpaceState): FeatureSpace {
  const { scaler, forest, pca, outliers, nameEmbedding } = state;
  return {
    columns: scaler.mean.length,
    components: pca.components.n,
    explainedVarianceRatio: pca.explainedVarianceRatio,
    outliers,
    nameEmbedding,
    transform(rows) {
      const standardized = standardize(scaler, rows);
      if (rows.n === 0) return { values: new Float32Array(0), n: 0, d: pca.components.n };
      checkMatrix(rows);
      return pca.transform(standardized);
    },
    outliersAmong(rows) {
      const standardized = standardize(scaler, rows);
      if (rows.n === 0 || !forest) return new Uint8Array(rows.n);
      return flags(forest.score(standardized), forest.threshold);
    },
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: {},
        arrays: {
          mean: scaler.mean,
          scale: scaler.scale,
          pca: pca.toBytes(),
          outliers,
          ...(forest && { forest: forest.toBytes() }),
          ...(nameEmbedding && { nameEmbedding: nameEmbedding.toBytes() }),
        },
      }),
    toFiles: () => ({
      scaler: encodeModel(scalerKind, formatVersion, {
        parameters: {},
        arrays: { mean: scaler.mean, scale: scaler.scale },
      }),
      pca: pca.toBytes(),
      outliers: encodeModel(outlierKind, formatVersion, {
        parameters: {},
        arrays: { outliers, ...(forest && { forest: forest.toBytes() }) },
      }),
      nameEmbedding: nameEmbedding?.toBytes(),
    }),
  };
}

/** @throws MODEL_BYTES_INVALID. */
export function featureSpaceFromFiles(files: FeatureSpaceFiles): FeatureSpace {
  const { mean, scale } = decodeModel(scalerKind, formatVersion, files.scaler).arrays;
  const { outliers, forest } = decodeModel(outlierKind, formatVersion, files.outliers).arrays;
  if (!mean || !scale || !outliers) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: a part is missing`);
  }
  return featureSpace({
    scaler: { mean: mean as Float64Array, scale: scale as Float64Array },
    pca: pcaFromBytes(files.pca),
    outliers: outliers as Uint8Array,
    forest: forest && isolationForestFromBytes(forest as Uint8Array),
    nameEmbedding: files.nameEmbedding && nameEmbeddingFromBytes(files.nameEmbedding),
  });
}

/** @throws MODEL_BYTES_INVALID. */
export function featureSpaceFromBytes(bytes: Uint8Array): FeatureSpace {
  const { arrays } = decodeModel(kind, formatVersion, bytes);
  const { mean, scale, pca, outliers, forest, nameEmbedding } = arrays;
  if (!mean || !scale || !pca || !outliers) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: a part is missing`);
  }
  return featureSpace({
    scaler: { mean: mean as Float64Array, scale: scale as Float64Array },
    pca: pcaFromBytes(pca as Uint8Array),
    outliers: outliers as Uint8Array,
    forest: forest && isolationForestFromBytes(forest as Uint8Array),
    nameEmbedding: nameEmbedding && nameEmbeddingFromBytes(nameEmbedding as Uint8Array),
  });
}

function flags(scores: Float64Array, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
}

function withoutFlagged(rows: Matrix, flagged: Uint8Array): Matrix {
  const kept = rows.n - flagged.reduce((sum, flag) => sum + flag, 0);
  const values = new Float32Array(kept * rows.d);
  let at = 0;
  for (let row = 0; row < rows.n; row++) {
    if (flagged[row]) continue;
    values.set(rowOf(rows, row), at);
    at += rows.d;
  }
  return { values, n: kept, d: rows.d };
}
