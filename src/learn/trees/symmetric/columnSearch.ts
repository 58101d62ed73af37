import type { Task } from '../../threads';
import { symmetricKernel, type SharedMemory, type SymmetricKernel } from './symmetricMemory';

/**
 * The part of growing a tree that is spread over threads: one level's histograms and scores, column by column. What
 * a column gives does not depend on who computes it, so the tree is the same on any number of threads.
 */
export interface SearchLayout {
  /** Histograms of a column that are kept from level to level, by segment; none when that takes too much memory. */
  readonly kept: readonly number[] | undefined;
  readonly columns: number;
  /** Room of a thread: numerators, denominators, and histograms of all leaves of two segments. */
  readonly scratch: readonly number[];
  /** Two doubles a column: best score, its cut (−1 for none). */
  readonly results: number;
  /** Next column to take; 1 in the second place asks to stop. */
  readonly claim: number;
}

/** Rows in one part of a fold, sorted by leaf. */
export interface Segment {
  readonly order: number;
  readonly pairs: number;
  /** First and last-but-one place of every leaf, as two 32-bit integers each. */
  readonly bounds: number;
}

export interface SearchInput {
  readonly memory: SharedMemory;
  readonly layout: SearchLayout;
  readonly segments: readonly Segment[];
  /** Segments whose means are judged, and segments they are judged on. */
  readonly judged: readonly (readonly [body: number, tail: number])[];
  readonly level: number;
  /** Offset of every column's codes, and how many cuts it has. */
  readonly codes: Int32Array;
  readonly cuts: Int32Array;
  /** 0 where the column has missing values, which the first cut sets apart, else 1. */
  readonly firstCuts: Int32Array;
  readonly regularization: number;
  readonly leastWeight: number;
  /** Cuts that the tree has already: column × 256 + cut. */
  readonly taken: readonly number[];
  readonly thread: number;
}

export const binsBytes = 256 * 16;
const scoreBytes = 256 * 8;

export function scratchBytes(depth: number): number {
  return 2 * scoreBytes + 2 * 2 ** (depth - 1) * binsBytes;
}

const nextColumn = 0;
const stopRequested = 1;

/** Takes columns until none is left; for this thread or another. */
export function searchColumns(input: SearchInput): void {
  const { memory, layout } = input;
  const claim = new Int32Array(memory.buffer, layout.claim, 2);
  const kernel = symmetricKernel(memory);
  for (;;) {
    if (Atomics.load(claim, stopRequested) !== 0) return;
    const column = Atomics.add(claim, nextColumn, 1);
    if (column >= layout.columns) return;
    searchColumn(input, kernel, column);
  }
}

export const searchTask: Task<SearchInput, void> = {
  module: __filename,
  name: 'searchColumns',
  call: searchColumns,
};

function searchColumn(input: SearchInput, kernel: SymmetricKernel, column: number): void {
  const { memory, layout, segments, judged, level, regularization, leastWeight } = input;
  const { buffer } = memory;
  const result = new Float64Array(buffer, layout.results + column * 16, 2);
  result.set([0, -1]);
  const cuts = input.cuts[column]!;
  if (cuts === 0) return;
  const leaves = 2 ** level;
  const scratch = layout.scratch[input.thread]!;
  const numerators = new Float64Array(buffer, scratch, cuts).fill(0);
  const denominators = new Float64Array(buffer, scratch + scoreBytes, cuts).fill(0);
  for (const [body, tail] of judged) {
    const bodyHistograms = histogramsOf(input, kernel, column, body, 0);
    const tailHistograms = body === tail ? bodyHistograms : histogramsOf(input, kernel, column, tail, 1);
    for (let leaf = 0; leaf < leaves; leaf++) {
      if (rowsOf(input, segments[tail]!, leaf) === 0) continue;
      kernel.scoreCuts(
        bodyHistograms(leaf),
        tailHistograms(leaf),
        cuts,
        regularization,
        leastWeight,
        numerators.byteOffset,
        denominators.byteOffset,
      );
    }
  }
  let best = 0;
  for (let cut = input.firstCuts[column]!; cut < cuts; cut++) {
    const denominator = denominators[cut]!;
    if (denominator <= 0 || input.taken.includes(column * 256 + cut)) continue;
    const score = numerators[cut]! / Math.sqrt(denominator);
    if (score > best) {
      best = score;
      result.set([score, cut]);
    }
  }
}

function rowsOf({ memory }: SearchInput, { bounds }: Segment, leaf: number): number {
  const [from, to] = new Int32Array(memory.buffer, bounds + leaf * 8, 2);
  return to! - from!;
}

/** Fills the histograms of a segment's leaves and tells where each is. */
function histogramsOf(
  input: SearchInput,
  kernel: SymmetricKernel,
  column: number,
  segment: number,
  place: 0 | 1,
): (leaf: number) => number {
  const { layout, level, segments } = input;
  const { order, pairs, bounds } = segments[segment]!;
  const leaves = 2 ** level;
  const range = new Int32Array(input.memory.buffer, bounds, 2 * leaves);
  const codes = input.codes[column]!;
  const fill = (leaf: number, histogram: number): void =>
    kernel.fillHistogram(codes, order, pairs, range[2 * leaf]!, range[2 * leaf + 1]!, histogram);
  if (!layout.kept) {
    const own = layout.scratch[input.thread]! + 2 * scoreBytes + place * leaves * binsBytes;
    for (let leaf = 0; leaf < leaves; leaf++) fill(leaf, own + leaf * binsBytes);
    return (leaf) => own + leaf * binsBytes;
  }
  const kept = layout.kept[segment]!;
  const histogramOf = (leaf: number): number => kept + (leaf * layout.columns + column) * binsBytes;
  if (level === 0) {
    fill(0, histogramOf(0));
    return histogramOf;
  }
  // Leaf l was divided into l and l + half. The smaller one is counted, the other is what is left of the parent.
  const half = leaves / 2;
  for (let leaf = 0; leaf < half; leaf++) {
    const second = leaf + half;
    const rows = range[2 * leaf + 1]! - range[2 * leaf]!;
    const secondRows = range[2 * second + 1]! - range[2 * second]!;
    const secondIsSmaller = secondRows <= rows;
    fill(secondIsSmaller ? second : leaf, histogramOf(second));
    kernel.deriveSibling(histogramOf(leaf), histogramOf(second), secondIsSmaller);
  }
  return histogramOf;
}
