import type { Random } from '../../../contracts';
import { decodeModel, encodeModel } from '../../binary';
import { checkMatrix, rowOf, type Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorEntry, FittedDetector, StreamingScorer } from '../detector';
import { requireWhole, withDefaults } from '../detectorOptions';
import { checkQueries, checkStreamedRow, queryRow } from '../queries';
import { HalfSpaceForest, type HalfSpaces } from './halfSpaceForest';
import { drawHalfSpaces } from './drawHalfSpaces';

/**
 * Half-space trees (Tan, Ting and Liu 2011): random halvings of the space, made before any row is seen, count the
 * rows of one window after another; a row is anomalous where few of the window before it were.
 */
export interface HalfSpaceTreesOptions {
  /** Default 25. */
  readonly trees: number;
  /** Halvings from the root to a leaf. Default 10. */
  readonly depth: number;
  /** Rows of a window. Default 250. */
  readonly window: number;
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

const defaults: HalfSpaceTreesOptions = {
  trees: 25,
  depth: 10,
  window: 250,
  contamination: defaultContamination,
};

const kind = 'half_space_trees';
const formatVersion = 1;
const minimumRows = 2;
const rowsPerBreath = 4096;

interface HalfSpaceState {
  readonly d: number;
  readonly spaces: HalfSpaces;
  /** Mass of every node in the last full window, and so far in the one under way. */
  readonly reference: Float64Array;
  readonly latest: Float64Array;
  readonly filled: number;
  readonly threshold: number;
}

async function fit(
  data: Matrix,
  options: Partial<HalfSpaceTreesOptions>,
  random: Random,
  run?: RunControl,
): Promise<FittedDetector> {
  checkMatrix(data, { minimumRows });
  const { trees, depth, window, contamination } = withDefaults(defaults, options);
  requireWhole('trees', trees, 1, 10_000);
  requireWhole('depth', depth, 1, 20);
  requireWhole('window', window, 2);
  requireContamination(contamination);
  checkAborted(run);
  const spaces = drawHalfSpaces(data, { trees, depth, window: Math.min(window, data.n) }, random);
  const forest = new HalfSpaceForest(spaces);
  // The first window has none before it: it is counted once, and then seen as the others are.
  for (let row = 0; row < spaces.window; row++) forest.learn(rowOf(data, row));
  const scores = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) {
    scores[row] = forest.update(rowOf(data, row));
    if (row % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'rows', done: row, total: data.n });
      await breathe(run);
    }
  }
  return fittedTrees({
    d: data.d,
    spaces,
    ...forest.masses(),
    threshold: contaminationThreshold(scores, contamination),
  });
}

function fittedTrees(state: HalfSpaceState): FittedDetector {
  const { d, spaces, threshold } = state;
  const open = (): HalfSpaceForest => new HalfSpaceForest(spaces, state);
  return {
    name: kind,
    kind: 'series',
    d,
    threshold,
    score(data, run) {
      checkQueries(data, d);
      checkAborted(run);
      const forest = open();
      return Float64Array.from({ length: data.n }, (_, row) => forest.update(rowOf(data, row)));
    },
    explain(data, row) {
      const asked = queryRow(data, row, d);
      const forest = open();
      for (let before = 0; before < row; before++) forest.update(rowOf(data, before));
      return forest.explain(asked);
    },
    stream(): StreamingScorer {
      const forest = open();
      return {
        update(row) {
          checkStreamedRow(row, d);
          return forest.update(row);
        },
      };
    },
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: {
          d,
          trees: spaces.trees,
          depth: spaces.depth,
          window: spaces.window,
          filled: state.filled,
          threshold,
        },
        arrays: {
          column: spaces.column,
          middle: spaces.middle,
          reference: state.reference,
          latest: state.latest,
        },
      }),
  };
}

function fromBytes(bytes: Uint8Array): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  return fittedTrees({
    d: Number(parameters['d']),
    spaces: {
      trees: Number(parameters['trees']),
      depth: Number(parameters['depth']),
      window: Number(parameters['window']),
      column: arrays['column'] as Int32Array,
      middle: arrays['middle'] as Float64Array,
    },
    reference: arrays['reference'] as Float64Array,
    latest: arrays['latest'] as Float64Array,
    filled: Number(parameters['filled']),
    threshold: Number(parameters['threshold']),
  });
}

export const halfSpaceTrees: DetectorEntry = {
  detector: { name: kind, kind: 'series', minimumRows, fit } satisfies Detector<HalfSpaceTreesOptions>,
  fromBytes,
};
