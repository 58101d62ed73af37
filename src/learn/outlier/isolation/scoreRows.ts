import type { Matrix } from '../../matrix';
import { breathe, checkAborted, type RunControl } from '../../run';
import type { Task } from '../../threads';
import type { IsolationTrees } from './isolationTrees';
import { PathLengthKernel } from './pathLengthKernel';

/** Rows that a thread takes at a time; some ten milliseconds of work. */
const rowsPerClaim = 4096;
/** Up to here, sending rows to threads takes longer than scoring them. */
const rowsWorthThreads = 8192;

export interface ForestScoring {
  readonly trees: IsolationTrees;
  readonly d: number;
  /** c(samples): the path length that stands for a score of a half. */
  readonly normalizer: number;
}

interface ScoringInput extends ForestScoring {
  readonly values: Float32Array;
  readonly n: number;
  readonly scores: Float64Array;
  /** Number of the next rows to take; 1 in the second place asks to stop. */
  readonly claim: Int32Array;
}

const nextClaim = 0;
const stopRequested = 1;

/** Scores rows [from, to): 2 to the power of minus the mean path length over `normalizer`. */
export function scoreStretch(
  kernel: PathLengthKernel,
  normalizer: number,
  values: Float32Array,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  for (let first = from; first < to; first += kernel.blockRows) {
    kernel.measure(values, first, Math.min(kernel.blockRows, to - first), scores);
  }
  for (let row = from; row < to; row++) scores[row] = 2 ** (-scores[row]! / normalizer);
}

/** Takes stretches of rows until none is left; for worker threads. */
export function scoreClaimed(input: ScoringInput): void {
  const kernel = new PathLengthKernel(input.trees, input.d);
  const { claim, n } = input;
  for (;;) {
    if (Atomics.load(claim, stopRequested) !== 0) return;
    const from = Atomics.add(claim, nextClaim, 1) * rowsPerClaim;
    if (from >= n) return;
    const to = Math.min(n, from + rowsPerClaim);
    scoreStretch(kernel, input.normalizer, input.values, from, to, input.scores);
  }
}

const scoreTask: Task<ScoringInput, void> = { module: __filename, name: 'scoreClaimed', call: scoreClaimed };

/** Scores of all rows, on the pool's threads when there are enough of them. @throws ABORTED, DEADLINE_EXCEEDED. */
export async function scoreAllRows(
  scoring: ForestScoring,
  kernel: PathLengthKernel,
  data: Matrix,
  run: RunControl | undefined,
): Promise<Float64Array> {
  checkAborted(run);
  const { n, values } = data;
  if (run?.threads && n >= rowsWorthThreads) return scoreOnThreads(scoring, data, run);
  const scores = new Float64Array(n);
  for (let from = 0; from < n; from += rowsPerClaim) {
    scoreStretch(kernel, scoring.normalizer, values, from, Math.min(n, from + rowsPerClaim), scores);
    run?.onProgress?.({ stage: 'scores', done: Math.min(n, from + rowsPerClaim), total: n });
    await breathe(run);
  }
  return scores;
}

async function scoreOnThreads(scoring: ForestScoring, data: Matrix, run: RunControl): Promise<Float64Array> {
  const { n, values } = data;
  const threads = run.threads!;
  const input: ScoringInput = {
    ...scoring,
    n,
    values: shared(values),
    scores: new Float64Array(new SharedArrayBuffer(n * 8)),
    claim: new Int32Array(new SharedArrayBuffer(8)),
  };
  const stop = (): void => {
    Atomics.store(input.claim, stopRequested, 1);
  };
  run.signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(Array.from({ length: threads.size }, () => threads.run(scoreTask, input)));
  } finally {
    run.signal?.removeEventListener('abort', stop);
  }
  checkAborted(run);
  run.onProgress?.({ stage: 'scores', done: n, total: n });
  return input.scores;
}

/** Threads see the same memory; rows that are not in shared memory yet are copied there. */
function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
