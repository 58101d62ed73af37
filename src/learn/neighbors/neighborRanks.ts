import { columnMeans } from '../decompose/gram';
import type { Matrix } from '../matrix';
import { breathe, type RunControl } from '../run';
import type { Task } from '../threads';
import { searchSpace, type Metric, type SearchSpace } from './metric';
import { blockOf, blockRows, ScoreBlock } from './scoreBlock';

/**
 * For given pairs of rows: how many rows are nearer to the first than the second is, counting from 1. Rows at the
 * same distance share the best of their ranks.
 */
export interface RankQuestion {
  /** Rows that ask. */
  readonly rows: Int32Array;
  /** `rows × k` other rows, in the order of `rows`. */
  readonly others: Int32Array;
  readonly k: number;
}

interface RankShare extends RankQuestion {
  readonly space: SearchSpace;
}

export const neighborRanksTask: Task<RankShare, Int32Array> = {
  module: __filename,
  name: 'ranksOf',
  call: (input) => ranksOf(input),
};

/** `rows × k` ranks among all rows of `data`, scored in single precision. */
export async function neighborRanks(
  data: Matrix,
  metric: Metric,
  { rows, others, k }: RankQuestion,
  control?: RunControl,
): Promise<Int32Array> {
  const space = searchSpace(data, metric, metric === 'euclidean' ? columnMeans(data) : undefined);
  const threads = control?.threads;
  if (!threads) return ranksOf({ space, rows, others, k }, control);
  const share = Math.ceil(rows.length / threads.size / blockRows) * blockRows;
  const starts = Array.from({ length: Math.ceil(rows.length / share) }, (_, i) => i * share);
  const parts = await Promise.all(
    starts.map((start) =>
      threads.run(
        neighborRanksTask,
        {
          space,
          rows: rows.slice(start, start + share),
          others: others.slice(start * k, (start + share) * k),
          k,
        },
        control.signal,
      ),
    ),
  );
  const ranks = new Int32Array(rows.length * k);
  parts.forEach((part, i) => ranks.set(part, starts[i]! * k));
  return ranks;
}

export async function ranksOf(
  { space, rows, others, k }: RankShare,
  control?: RunControl,
): Promise<Int32Array> {
  const columnBlocks = Math.ceil(space.n / blockRows);
  const columns = columnBlocks * blockRows;
  const block = new ScoreBlock(space.d, columns);
  const { functions, memory } = block;
  const thresholdsAt = memory.allocate(k * 4);
  const countsAt = memory.allocate(k * 4);
  // Columns after the last row stay below every threshold.
  memory.float32(block.tile, blockRows * columns).fill(-Infinity);
  const ranks = new Int32Array(rows.length * k);
  for (let first = 0; first < rows.length; first += blockRows) {
    const asking = rows.subarray(first, first + blockRows);
    block.loadQueries(space, asking);
    for (let at = 0; at < columnBlocks; at++) {
      block.score(space, blockOf(space.n, at), at * blockRows);
      await breathe(control);
    }
    for (let row = 0; row < asking.length; row++) {
      const lineAt = block.tile + row * columns * 4;
      const line = memory.float32(lineAt, columns);
      // A row is not among its own neighbours.
      line[asking[row]!] = -Infinity;
      const start = (first + row) * k;
      const thresholds = memory.float32(thresholdsAt, k);
      for (let j = 0; j < k; j++) thresholds[j] = line[others[start + j]!]!;
      functions.countAbove(lineAt, columns, thresholdsAt, k, countsAt);
      const counts = memory.int32(countsAt, k);
      for (let j = 0; j < k; j++) ranks[start + j] = counts[j]! + 1;
    }
  }
  return ranks;
}
