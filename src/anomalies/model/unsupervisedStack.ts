import { QuarterdeckError, type Random } from '../../contracts';
import type { ModelContent } from '../../learn/binary';
import type { Matrix } from '../../learn/matrix';
import {
  addColumns,
  addImputation,
  addIsolationForest,
  addLinear,
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
import { columnsOf, meansOfPresent } from './presentValues';
import {
  addLogError,
  fitSubspace,
  logErrors,
  mostSubspaceRows,
  sampleRows,
  squaredErrors,
  subspaceArrays,
  subspaceOf,
  type SubspaceModel,
} from './principalSubspace';

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

const minimumRows = 3;
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
  const fill = meansOfPresent(rows);
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
