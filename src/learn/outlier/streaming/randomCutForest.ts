import { QuarterdeckError, type Random } from '../../../contracts';
import { decodeModel, encodeModel } from '../../binary';
import { checkMatrix, rowOf, type Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorEntry, FittedDetector, StreamingScorer } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { checkQueries, checkStreamedRow, queryRow } from '../queries';
import { fitColumnScale, type ColumnScale } from '../residual';
import { CutForest, type CutForestShape } from './cutForest';
import { Shingle } from './shingle';

/**
 * Random Cut Forest (Guha, Mishra, Roy and Schrijvers 2016): a row is anomalous by how much leaving it out, alone
 * or with its like, would simplify the trees. Every row is scored against the rows before it and then learnt;
 * older rows fade.
 */
export interface RandomCutForestOptions {
  /** Default 50. */
  readonly trees: number;
  /** Points that each tree remembers. Default 256. */
  readonly samples: number;
  /** Rows that make up a point: the row itself and those just before it. Default 1. */
  readonly shingle: number;
  /** The chance to be remembered falls by a factor of e every 1 / this rows; 1 / (10 · samples) when 0 (default). */
  readonly timeDecay: number;
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

const defaults: RandomCutForestOptions = {
  trees: 50,
  samples: 256,
  shingle: 1,
  timeDecay: 0,
  contamination: defaultContamination,
};

const kind = 'random_cut_forest';
const formatVersion = 1;
const minimumRows = 2;
/** Standard deviations at which columns are clipped, so that one wild value does not take every cut for itself. */
const clip = 100;
/** Memory half-times in samples, as in the reference implementation. */
const samplesPerDecay = 10;
const rowsPerBreath = 1024;

interface ForestState {
  readonly d: number;
  readonly shingle: number;
  readonly scale: ColumnScale;
  readonly shape: CutForestShape;
  /** As training left it; scoring works on copies. */
  readonly forest: CutForest;
  readonly threshold: number;
}

async function fit(
  data: Matrix,
  options: Partial<RandomCutForestOptions>,
  random: Random,
  run?: RunControl,
): Promise<FittedDetector> {
  checkMatrix(data, { minimumRows });
  const { trees, samples, shingle, timeDecay, contamination } = withDefaults(defaults, options);
  requireWhole('trees', trees, 1, 10_000);
  requireWhole('samples', samples, 2, 1 << 20);
  requireWhole('shingle', shingle, 1, 10_000);
  requireOption('timeDecay', timeDecay, timeDecay >= 0 && timeDecay < 1, 'a number from 0 to below 1');
  requireContamination(contamination);
  checkAborted(run);
  const scale = fitColumnScale(data, clip);
  const decay = timeDecay || 1 / (samplesPerDecay * samples);
  const shape = { d: data.d * shingle, trees, samples, decay, seed: random.integer(2 ** 32) };
  const forest = new CutForest(shape);
  const points = new Shingle(scale, data.d, shingle);
  const scores = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) {
    const point = points.push(rowOf(data, row));
    scores[row] = forest.score(point);
    forest.insert(point);
    if (row % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'rows', done: row, total: data.n });
      await breathe(run);
    }
  }
  const threshold = contaminationThreshold(scores, contamination);
  return fittedForest({ d: data.d, shingle, scale, shape, forest, threshold });
}

function fittedForest(state: ForestState): FittedDetector {
  const { d, shingle, scale, threshold } = state;
  const open = (): ((row: Float32Array) => number) => {
    const forest = state.forest.copy();
    const points = new Shingle(scale, d, shingle);
    return (row) => {
      const point = points.push(row);
      const score = forest.score(point);
      forest.insert(point);
      return score;
    };
  };
  return {
    name: kind,
    kind: 'series',
    d,
    threshold,
    score(data, run) {
      checkQueries(data, d);
      checkAborted(run);
      const next = open();
      return Float64Array.from({ length: data.n }, (_, row) => next(rowOf(data, row)));
    },
    explain(data, row) {
      queryRow(data, row, d);
      const forest = state.forest.copy();
      const points = new Shingle(scale, d, shingle);
      for (let before = 0; before < row; before++) forest.insert(points.push(rowOf(data, before)));
      const shares = forest.explain(points.push(rowOf(data, row)));
      const contributions = new Float64Array(d);
      shares.forEach((share, at) => (contributions[at % d]! += share));
      return contributions;
    },
    stream(): StreamingScorer {
      const next = open();
      return {
        update(row) {
          checkStreamedRow(row, d);
          return next(row);
        },
      };
    },
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: { d, shingle, shape: state.shape, clip: scale.clip, threshold },
        arrays: { center: scale.center, scale: scale.scale, forest: state.forest.toBytes() },
      }),
  };
}

function fromBytes(bytes: Uint8Array): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const shape = parameters['shape'] as CutForestShape;
  const forest = arrays['forest'] as Uint8Array;
  if (forest.length !== CutForest.bytesFor(shape)) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: its trees are of another size`);
  }
  return fittedForest({
    d: Number(parameters['d']),
    shingle: Number(parameters['shingle']),
    scale: {
      center: arrays['center'] as Float64Array,
      scale: arrays['scale'] as Float64Array,
      clip: Number(parameters['clip']),
    },
    shape,
    forest: new CutForest(shape, forest),
    threshold: Number(parameters['threshold']),
  });
}

export const randomCutForest: DetectorEntry = {
  detector: { name: kind, kind: 'series', minimumRows, fit } satisfies Detector<RandomCutForestOptions>,
  // Every cut looks at all columns.
  mostColumns: 8,
  fromBytes,
};
