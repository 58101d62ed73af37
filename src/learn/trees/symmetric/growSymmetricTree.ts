import type { Random } from '../../../contracts';
import { checkAborted, type RunControl } from '../../run';
import { searchColumns, searchTask, type SearchInput } from './columnSearch';
import type { SymmetricSplit } from './symmetricTree';
import type { Fold, TrainingMemory } from './trainingMemory';

export interface GrowthOptions {
  readonly depth: number;
  /** l2 times the mean weight of a row. */
  readonly regularization: number;
  /** Number of cuts of every column, and the first that may be taken. */
  readonly cuts: Int32Array;
  readonly firstCuts: Int32Array;
  /** Standard deviation of the noise on scores, over that of the derivatives. */
  readonly noise: number;
}

/** Work of a level in rows × columns from which on threads are worth their messages. */
const workWorthThreads = 400_000;
/** Share of the whole weight below which what a subtraction left over is rounding. */
const roundingShare = 1e-10;

/**
 * Chooses the questions of one tree, level by level: the column and cut with the largest cosine between derivatives
 * and leaf values over all leaves. With ordered bodies a row's derivative and its leaf's value both come from rows
 * before it in the fold's order.
 */
export async function growSymmetricTree(
  training: TrainingMemory,
  fold: Fold,
  options: GrowthOptions,
  random: Random,
  run: RunControl | undefined,
): Promise<SymmetricSplit[]> {
  const { memory, kernel, layout, segments, judged } = training;
  const counts = loadFold(training, fold, random.integer(2 ** 32));
  const deviation = options.noise * derivativeDeviation(training, fold);
  let weight = 0;
  for (const value of fold.weights) weight += value;
  const splits: SymmetricSplit[] = [];
  const results = new Float64Array(memory.buffer, layout.results, 2 * layout.columns);
  const noise = random.fork('noise');
  for (let level = 0; level < options.depth; level++) {
    await search(training, run, {
      memory,
      layout,
      segments,
      judged,
      level,
      codes: fold.codes,
      cuts: options.cuts,
      firstCuts: options.firstCuts,
      regularization: options.regularization,
      leastWeight: weight * roundingShare,
      taken: splits.map(({ column, cut }) => column * 256 + cut),
    });
    let best = -Infinity;
    let split: SymmetricSplit | undefined;
    for (let column = 0; column < layout.columns; column++) {
      const cut = results[2 * column + 1]!;
      const score = results[2 * column]! + (deviation > 0 ? deviation * noise.normal() : 0);
      if (cut >= 0 && score > best) {
        best = score;
        split = { column, cut };
      }
    }
    if (!split) break;
    splits.push(split);
    if (level + 1 < options.depth) divide(training, fold, split, level);
  }
  return splits;

  function divide(
    { spareOrder, sparePairs }: TrainingMemory,
    { codes }: Fold,
    { column, cut }: SymmetricSplit,
    level: number,
  ): void {
    segments.forEach(({ order, pairs, bounds }, index) => {
      const range = new Int32Array(memory.buffer, bounds, 4 * 2 ** level);
      if (counts[index] === 0) return;
      for (let leaf = 0; leaf < 2 ** level; leaf++) {
        const from = range[2 * leaf]!;
        const to = range[2 * leaf + 1]!;
        const codesAt = codes[column]!;
        const front = kernel.partition(codesAt, order, pairs, from, to, cut, spareOrder, sparePairs);
        const second = leaf + 2 ** level;
        range[2 * leaf + 1] = from + front;
        range[2 * second] = from + front;
        range[2 * second + 1] = to;
      }
    });
  }
}

/** Puts a fold's rows into the segments, with derivatives at the margins of the model that answers for them. */
function loadFold(training: TrainingMemory, fold: Fold, seed: number): number[] {
  const { memory, kernel, segments, judged, first, second, bootstrap } = training;
  const counts = segments.map(() => 0);
  const load = (segment: number, from: number, to: number): void => {
    const { order, pairs, bounds } = segments[segment]!;
    kernel.loadSegment(
      fold.permutation.byteOffset,
      from,
      to,
      first.byteOffset,
      fold.weights.byteOffset,
      seed,
      bootstrap.byteOffset,
      order,
      pairs,
    );
    new Int32Array(memory.buffer, bounds, 2).set([0, to - from]);
    counts[segment] = to - from;
  };
  fold.bodies.forEach(({ body, tail, margins }, index) => {
    kernel.differentiate(
      tail,
      margins.byteOffset,
      fold.labels.byteOffset,
      fold.weights.byteOffset,
      first.byteOffset,
      second.byteOffset,
    );
    const [bodySegment, tailSegment] = judged[index]!;
    load(bodySegment, 0, body);
    if (tailSegment !== bodySegment) load(tailSegment, body, tail);
  });
  return counts;
}

/** Root mean square of the derivatives that were loaded last: those of the fold's largest model. */
function derivativeDeviation({ first }: TrainingMemory, { bodies }: Fold): number {
  const { tail } = bodies.at(-1)!;
  let squares = 0;
  for (let position = 0; position < tail; position++) squares += first[position]! ** 2;
  return Math.sqrt(squares / tail);
}

async function search(
  { memory, layout, final }: TrainingMemory,
  run: RunControl | undefined,
  input: Omit<SearchInput, 'thread'>,
): Promise<void> {
  checkAborted(run);
  new Int32Array(memory.buffer, layout.claim, 2).fill(0);
  const { threads } = run ?? {};
  if (threads && threads.size > 1 && final.labels.length * layout.columns >= workWorthThreads) {
    // The scratch of one more thread is this thread's own.
    const tasks = layout.scratch.map((_, thread) => threads.run(searchTask, { ...input, thread }));
    await Promise.all(tasks);
  } else searchColumns({ ...input, thread: 0 });
  checkAborted(run);
}
