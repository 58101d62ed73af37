import { QuarterdeckError, type Random } from '../../contracts';
import type { ModelArray, ModelContent } from '../../learn/binary';
import { fitPca } from '../../learn/decompose';
import type { Matrix } from '../../learn/matrix';
import {
  addColumns,
  addImputation,
  addIsolationForest,
  addLinear,
  addLogarithm,
  addPcaError,
  addRowMean,
  addSideBySide,
  type OnnxGraphBuilder,
} from '../../learn/onnx';
import {
  fitIsolationForest,
  isolationForestFromBytes,
  type FittedIsolationForest,
} from '../../learn/outlier';
import type { RunControl } from '../../learn/run';
import { featureRoles, type FeatureRoles } from './featureRoles';

/**
 * Unsupervised scores of a row, as terms of a supervised model's margin: what labels have not shown yet, these still
 * see. They are added to what the trees say and not split by them, so that they keep their order among faults that no
 * label ever showed, and so that rounding in another runtime cannot send a row down another branch.
 */
export const stackedScoreNames = [
  /** Isolation forest over the state and its window. */
  'isolation_forest_score',
  /** Logarithm of the distance from the principal subspace of the states, mean over now and 1, 5 and 15 minutes ago. */
  'state_error_score',
  /** Logarithm of the distance from the principal subspace of state and window. */
  'window_error_score',
  /** Scores that came with the row, averaged. */
  'given_score',
] as const;
export type StackedScoreName = (typeof stackedScoreNames)[number];

interface SubspaceModel {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Of the standardised rows. */
  readonly centre: Float64Array;
  /** `k × d`. */
  readonly components: Matrix;
}

/** Each score as it is among normal rows: what it is measured in. */
export interface ScoreScale {
  readonly centre: number;
  readonly spread: number;
}

export interface UnsupervisedStack {
  /** Scores in use, in the order of the columns of `score`. */
  readonly names: readonly StackedScoreName[];
  readonly features: readonly string[];
  readonly forest: FittedIsolationForest;
  /** `n × names.length`, each in units of its spread among normal rows; higher is more anomalous. NaN is imputed. */
  score(rows: Matrix): Matrix;
  /** What a score's units are. */
  scaleOf(name: StackedScoreName): ScoreScale;
  /** Of each score, the share that each feature has in a row's: numbers that add up to 1, or zeros. */
  shares(row: Float32Array): Float64Array[];
  /** The same scores in a graph, `n × names.length`. */
  addTo(builder: OnnxGraphBuilder, input: string): string;
  content(): ModelContent;
}

const clip = 50;
const varianceShare = 0.9;
/** Keeps the logarithm finite where a row lies in the subspace. */
const leastError = 1e-4;
/** A column that never changed is news as soon as it does, but not without bound. */
const constantSpread = 1e-3;
const minimumRows = 3;
/** More rows than this say nothing new about a subspace of a few hundred columns. */
const mostSubspaceRows = 40_000;

/**
 * @param rows `n × features`, taken for normal but for a few; NaN is a missing value.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, DATA_WIDTH_MISMATCH, ABORTED.
 */
export async function fitUnsupervisedStack(
  rows: Matrix,
  features: readonly string[],
  random: Random,
  run?: RunControl,
): Promise<UnsupervisedStack> {
  if (rows.d !== features.length) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `${rows.d} columns for ${features.length} features`);
  }
  if (rows.n < minimumRows) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${rows.n} rows, at least ${minimumRows} are needed`);
  }
  const roles = featureRoles(features);
  const fill = columnMeansOfPresent(rows);
  const windowRows = columnsOf(rows, roles.window, fill);
  const quiet = run && { ...run, onProgress: () => undefined };
  run?.onProgress?.({ stage: 'unsupervised scores', done: 0, total: 3 });
  const forest = await fitIsolationForest(windowRows, {}, random.fork('isolation forest'), quiet);
  run?.onProgress?.({ stage: 'unsupervised scores', done: 1, total: 3 });
  const state = await fitSubspace(columnsOf(rows, roles.states[0]!, fill), random.fork('state'), quiet);
  run?.onProgress?.({ stage: 'unsupervised scores', done: 2, total: 3 });
  const window = await fitSubspace(windowRows, random.fork('window'), quiet);
  const unscaled = stackOf({ features, roles, fill, forest, state, window, scales: [] });
  const scales = scalesOf(unscaled.score(sampleRows(rows, mostSubspaceRows)));
  run?.onProgress?.({ stage: 'unsupervised scores', done: 3, total: 3 });
  return stackOf({ features, roles, fill, forest, state, window, scales });
}

interface StackState {
  readonly features: readonly string[];
  readonly roles: FeatureRoles;
  /** What a missing value counts as, by feature. */
  readonly fill: Float32Array;
  readonly forest: FittedIsolationForest;
  readonly state: SubspaceModel;
  readonly window: SubspaceModel;
  /** By score; empty leaves scores as they are. */
  readonly scales: readonly ScoreScale[];
}

function stackOf(parts: StackState): UnsupervisedStack {
  const { features, roles, fill, forest, state, window, scales } = parts;
  const names = stackedScoreNames.filter((name) => name !== 'given_score' || roles.givenScores.length > 0);
  const scaleOf = (index: number): ScoreScale => scales[index] ?? { centre: 0, spread: 1 };
  return {
    names,
    features,
    forest,
    score(rows) {
      requireWidth(rows, features.length);
      const windowRows = columnsOf(rows, roles.window, fill);
      const columns: Float64Array[] = [
        forest.score(windowRows),
        meanOver(roles.states.map((columns) => logErrors(state, columnsOf(rows, columns, fill)))),
        logErrors(window, windowRows),
      ];
      if (roles.givenScores.length > 0) columns.push(rowMeans(columnsOf(rows, roles.givenScores, fill)));
      const values = new Float32Array(rows.n * names.length);
      columns.forEach((column, index) => {
        const { centre, spread } = scaleOf(index);
        for (let row = 0; row < rows.n; row++) {
          values[row * names.length + index] = (column[row]! - centre) / spread;
        }
      });
      return { values, n: rows.n, d: names.length };
    },
    scaleOf: (name) => scaleOf(names.indexOf(name)),
    shares(row) {
      const rows: Matrix = { values: row, n: 1, d: row.length };
      requireWidth(rows, features.length);
      const windowRows = columnsOf(rows, roles.window, fill);
      const spreadOver = (columns: Int32Array, parts: ArrayLike<number>, into: Float64Array): void => {
        let total = 0;
        for (let index = 0; index < parts.length; index++) total += Math.max(0, parts[index]!);
        if (total === 0) return;
        columns.forEach((column, index) => (into[column]! += Math.max(0, parts[index]!) / total));
      };
      const isolation = new Float64Array(features.length);
      spreadOver(roles.window, forest.explain(windowRows, 0), isolation);
      const states = new Float64Array(features.length);
      for (const columns of roles.states) {
        const own = new Float64Array(features.length);
        spreadOver(columns, squaredErrors(state, columnsOf(rows, columns, fill)), own);
        own.forEach((share, column) => (states[column]! += share / roles.states.length));
      }
      const windows = new Float64Array(features.length);
      spreadOver(roles.window, squaredErrors(window, windowRows), windows);
      const shares = [isolation, states, windows];
      if (roles.givenScores.length > 0) {
        const given = new Float64Array(features.length);
        roles.givenScores.forEach((column) => (given[column] = 1 / roles.givenScores.length));
        shares.push(given);
      }
      return shares;
    },
    addTo(builder, input) {
      const filled = addImputation(builder, input, fill);
      const windowRows = addColumns(builder, filled, roles.window);
      const { trees, normalizer } = forest;
      const right = trees.left.map((child, node) => (trees.feature[node]! < 0 ? child : child + 1));
      const isolation = addIsolationForest(builder, windowRows, {
        treeStarts: trees.roots,
        feature: trees.feature,
        threshold: trees.threshold,
        left: trees.left,
        right,
        comparison: 'less-or-equal',
        pathLength: trees.pathLength,
        normalizer,
      });
      const stateErrors = roles.states.map((columns) =>
        addLogError(builder, addColumns(builder, filled, columns), state),
      );
      const tensors = [
        isolation,
        addRowMean(builder, addSideBySide(builder, stateErrors)),
        addLogError(builder, windowRows, window),
      ];
      if (roles.givenScores.length > 0) {
        tensors.push(addRowMean(builder, addColumns(builder, filled, roles.givenScores)));
      }
      return addSideBySide(
        builder,
        tensors.map((tensor, index) => {
          const { centre, spread } = scaleOf(index);
          return addLinear(builder, tensor, 1 / spread, -centre / spread);
        }),
      );
    },
    content: () => ({
      parameters: { features, scales, axes: [state.components.n, window.components.n] },
      arrays: {
        fill,
        forest: forest.toBytes(),
        ...subspaceArrays('state', state),
        ...subspaceArrays('window', window),
      },
    }),
  };
}

/** @throws MODEL_BYTES_INVALID */
export function unsupervisedStackOf({ parameters, arrays }: ModelContent): UnsupervisedStack {
  const features = parameters['features'] as string[];
  const roles = featureRoles(features);
  const [stateAxes, windowAxes] = parameters['axes'] as [number, number];
  const forest = isolationForestFromBytes(arrays['forest'] as Uint8Array);
  if (forest.d !== roles.window.length) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'its isolation forest does not fit its features');
  }
  return stackOf({
    features,
    roles,
    fill: arrays['fill'] as Float32Array,
    forest,
    state: subspaceOf('state', arrays, stateAxes, roles.states[0]!.length),
    window: subspaceOf('window', arrays, windowAxes, roles.window.length),
    scales: parameters['scales'] as ScoreScale[],
  });
}

function subspaceArrays(name: string, model: SubspaceModel): Record<string, ModelArray> {
  return {
    [`${name}Mean`]: model.mean,
    [`${name}Scale`]: model.scale,
    [`${name}Centre`]: model.centre,
    [`${name}Components`]: model.components.values,
  };
}

function subspaceOf(name: string, arrays: ModelContent['arrays'], axes: number, d: number): SubspaceModel {
  return {
    mean: arrays[`${name}Mean`] as Float64Array,
    scale: arrays[`${name}Scale`] as Float64Array,
    centre: arrays[`${name}Centre`] as Float64Array,
    components: { values: arrays[`${name}Components`] as Float32Array, n: axes, d },
  };
}

async function fitSubspace(rows: Matrix, random: Random, run?: RunControl): Promise<SubspaceModel> {
  const sample = sampleRows(rows, mostSubspaceRows);
  const { d } = sample;
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let row = 0; row < sample.n; row++) {
    for (let column = 0; column < d; column++) mean[column]! += sample.values[row * d + column]! / sample.n;
  }
  for (let row = 0; row < sample.n; row++) {
    for (let column = 0; column < d; column++) {
      scale[column]! += (sample.values[row * d + column]! - mean[column]!) ** 2 / sample.n;
    }
  }
  for (let column = 0; column < d; column++) {
    const spread = Math.sqrt(scale[column]!);
    scale[column] = Math.max(spread, constantSpread * Math.max(1, Math.abs(mean[column]!)));
  }
  const standardized = standardize(sample, mean, scale);
  const pca = await fitPca(standardized, { varianceShare }, random, run);
  return { mean, scale, centre: pca.mean, components: pca.components };
}

function standardize(rows: Matrix, mean: Float64Array, scale: Float64Array): Matrix {
  const values = new Float32Array(rows.values.length);
  for (let at = 0; at < values.length; at++) {
    const column = at % rows.d;
    const value = (rows.values[at]! - mean[column]!) / scale[column]!;
    values[at] = value > clip ? clip : value < -clip ? -clip : value;
  }
  return { values, n: rows.n, d: rows.d };
}

/** Squared error of each column of the only row. */
function squaredErrors(model: SubspaceModel, row: Matrix): Float64Array {
  const squares = new Float64Array(row.d);
  forEachResidual(model, row, (_, residual) =>
    residual.forEach((error, column) => (squares[column] = error * error)),
  );
  return squares;
}

/** Logarithm of the mean squared error of each row. */
function logErrors(model: SubspaceModel, rows: Matrix): Float64Array {
  const errors = new Float64Array(rows.n);
  forEachResidual(model, rows, (row, residual) => {
    let squares = 0;
    for (let column = 0; column < residual.length; column++) squares += residual[column]! * residual[column]!;
    errors[row] = Math.log(leastError + squares / residual.length);
  });
  return errors;
}

/** What of each standardised row lies outside the subspace; the array is used again for the next row. */
function forEachResidual(
  { mean, scale, centre, components }: SubspaceModel,
  rows: Matrix,
  visit: (row: number, residual: Float64Array) => void,
): void {
  const { n, d } = rows;
  const residual = new Float64Array(d);
  const centred = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      const value = (rows.values[row * d + column]! - mean[column]!) / scale[column]!;
      centred[column] = (value > clip ? clip : value < -clip ? -clip : value) - centre[column]!;
      residual[column] = centred[column]!;
    }
    for (let axis = 0; axis < components.n; axis++) {
      const first = axis * d;
      let score = 0;
      for (let column = 0; column < d; column++)
        score += components.values[first + column]! * centred[column]!;
      for (let column = 0; column < d; column++)
        residual[column]! -= components.values[first + column]! * score;
    }
    visit(row, residual);
  }
}

function addLogError(builder: OnnxGraphBuilder, input: string, model: SubspaceModel): string {
  const { mean, scale, centre, components } = model;
  const error = addPcaError(builder, input, {
    standardization: { mean, scale, clip },
    centre,
    components,
    over: 'mean',
  });
  return addLogarithm(builder, addLinear(builder, error, 1, leastError), leastError);
}

function columnMeansOfPresent({ values, n, d }: Matrix): Float32Array {
  const sums = new Float64Array(d);
  const counts = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      const value = values[row * d + column]!;
      if (value !== value) continue;
      sums[column]! += value;
      counts[column]!++;
    }
  }
  return Float32Array.from(sums, (sum, column) => (counts[column]! > 0 ? sum / counts[column]! : 0));
}

/** Some columns with missing values filled. */
export function columnsOf(rows: Matrix, columns: Int32Array, fill: Float32Array): Matrix {
  const d = columns.length;
  const values = new Float32Array(rows.n * d);
  for (let row = 0; row < rows.n; row++) {
    for (let column = 0; column < d; column++) {
      const from = columns[column]!;
      const value = rows.values[row * rows.d + from]!;
      values[row * d + column] = value === value ? value : fill[from]!;
    }
  }
  return { values, n: rows.n, d };
}

/** Every k-th row, so that no more than `most` are left. */
function sampleRows(rows: Matrix, most: number): Matrix {
  if (rows.n <= most) return rows;
  const step = rows.n / most;
  const values = new Float32Array(most * rows.d);
  for (let row = 0; row < most; row++) {
    const from = Math.floor(row * step) * rows.d;
    values.set(rows.values.subarray(from, from + rows.d), row * rows.d);
  }
  return { values, n: most, d: rows.d };
}

function meanOver(columns: readonly Float64Array[]): Float64Array {
  return columns[0]!.map((_, row) => columns.reduce((sum, column) => sum + column[row]!, 0) / columns.length);
}

function rowMeans({ values, n, d }: Matrix): Float64Array {
  const means = new Float64Array(n);
  for (let at = 0; at < values.length; at++) means[Math.floor(at / d)]! += values[at]! / d;
  return means;
}

function scalesOf(scores: Matrix): ScoreScale[] {
  return Array.from({ length: scores.d }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < scores.n; row++) sum += scores.values[row * scores.d + column]!;
    const centre = sum / scores.n;
    let squares = 0;
    for (let row = 0; row < scores.n; row++)
      squares += (scores.values[row * scores.d + column]! - centre) ** 2;
    return { centre, spread: Math.max(1e-6, Math.sqrt(squares / scores.n)) };
  });
}

function requireWidth(rows: Matrix, d: number): void {
  if (rows.d === d) return;
  throw new QuarterdeckError(
    'DATA_WIDTH_MISMATCH',
    `the data has ${rows.d} columns, the model was fitted on ${d}`,
  );
}
