import type { Matrix } from '../../matrix';
import type { RunControl } from '../../run';
import { checkAborted } from '../../run';
import type { FittedDetector } from '../detector';
import { checkQueries, queryRow } from '../queries';
import { rowStream } from '../rowStream';
import { confidenceOf } from './confidenceBand';
import { decodeIsolationForest, encodeIsolationForest } from './isolationForestBytes';
import type { IsolationTrees } from './isolationTrees';
import { PathLengthKernel } from './pathLengthKernel';
import { scoreAllRows, scoreStretch } from './scoreRows';

/** What a fitted forest consists of. */
export interface IsolationForestState {
  readonly trees: IsolationTrees;
  readonly d: number;
  /** Rows that each tree was grown from. */
  readonly samples: number;
  /** c(samples): the path length that stands for a score of a half. */
  readonly normalizer: number;
  readonly contamination: number;
  readonly threshold: number;
  /** Lowest and highest score of the training rows. */
  readonly least: number;
  readonly most: number;
}

export interface FittedIsolationForest extends FittedDetector, IsolationForestState {
  /** scikit-learn's `score_samples`: the score negated, −1 to 0, lower is more anomalous. */
  scoreSamples(data: Matrix): Float64Array;
  /** scikit-learn's `decision_function`: `scoreSamples` plus the threshold, negative for anomalies. */
  decisionFunction(data: Matrix): Float64Array;
  /** On the −1…1 scale of `confidenceBand`: −1 an anomaly, 1 normal, 0 at the threshold. */
  confidence(data: Matrix): Float64Array;
  confidenceOfScore(score: number): number;
  /** `score` on the threads of `run`, for many rows. */
  scoreAll(data: Matrix, run?: RunControl): Promise<Float64Array>;
  /**
   * Scores of rows that come in chunks, in memory for no more than two of them: the next is being read while one
   * is scored.
   */
  scoreChunks(
    chunks: AsyncIterable<Matrix> | Iterable<Matrix>,
    run?: RunControl,
  ): AsyncGenerator<Float64Array, void>;
}

export function fittedIsolationForest(state: IsolationForestState): FittedIsolationForest {
  const { trees, d, normalizer, threshold } = state;
  const kernel = new PathLengthKernel(trees, d);
  const score = (data: Matrix, run?: RunControl): Float64Array => {
    checkQueries(data, d);
    checkAborted(run);
    const scores = new Float64Array(data.n);
    scoreStretch(kernel, normalizer, data.values, 0, data.n, scores);
    return scores;
  };
  const scoreAll = async (data: Matrix, run?: RunControl): Promise<Float64Array> => {
    checkQueries(data, d);
    return scoreAllRows({ trees, d, normalizer }, kernel, data, run);
  };
  const confidenceOfScore = (value: number): number =>
    confidenceOf(value, state.least, threshold, state.most);
  return {
    ...state,
    name: 'isolation_forest',
    kind: 'points',
    score,
    scoreAll,
    scoreSamples: (data) => score(data).map((value) => -value),
    decisionFunction: (data) => score(data).map((value) => threshold - value),
    confidence: (data) => score(data).map(confidenceOfScore),
    confidenceOfScore,
    async *scoreChunks(chunks, run) {
      const source = asyncIterator(chunks);
      let next = source.next();
      try {
        for (;;) {
          const result = await next;
          if (result.done === true) return;
          next = source.next();
          // Awaited in its turn; a failure before that is not lost.
          next.catch(() => undefined);
          yield await scoreAll(result.value, run);
        }
      } finally {
        await source.return?.();
      }
    },
    explain: (data, row) => shortening(trees, queryRow(data, row, d)),
    stream: () => rowStream(d, score),
    toBytes: () => encodeIsolationForest(state),
  };
}

async function* asAsync(chunks: Iterable<Matrix>): AsyncGenerator<Matrix, void> {
  yield* chunks;
}

function asyncIterator(chunks: AsyncIterable<Matrix> | Iterable<Matrix>): AsyncIterator<Matrix> {
  return (Symbol.asyncIterator in chunks ? chunks : asAsync(chunks))[Symbol.asyncIterator]();
}

/**
 * Steps by which each column's splits shorten a row's path, on average over the trees: at a split, the expected
 * path length of the node less that of the child the row goes to.
 */
function shortening(trees: IsolationTrees, row: Float32Array): Float64Array {
  const { roots, feature, threshold, left, pathLength, treeCount } = trees;
  const steps = new Float64Array(row.length);
  for (let tree = 0; tree < treeCount; tree++) {
    let node = roots[tree]!;
    while (feature[node]! >= 0) {
      const column = feature[node]!;
      const child = left[node]! + (row[column]! > threshold[node]! ? 1 : 0);
      steps[column]! += (pathLength[node]! - pathLength[child]!) / treeCount;
      node = child;
    }
  }
  return steps.map((value) => Math.max(0, value));
}

/** @throws MODEL_BYTES_INVALID, also when the trees are none. */
export function isolationForestFromBytes(bytes: Uint8Array): FittedIsolationForest {
  return fittedIsolationForest(decodeIsolationForest(bytes));
}
