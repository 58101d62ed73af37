import type { Matrix } from '../matrix';
import { boostingKernel, type SharedMemory } from './boostingKernel';
import {
  columnsPerGroup,
  histogramBytes,
  recordWords,
  resultBytes,
  rowsPerBlock,
  type BoostingLayout,
} from './boostingLayout';
import type { RunUnit } from './crew';
import { cutsOfSorted } from './quantileCuts';

/** Kinds of phases. What a unit is stands beside. */
export const phases = {
  /** A column: its cuts and codes. */
  bin: 0,
  /** A block of rows: derivatives, and which rows are drawn. */
  draw: 1,
  /** A block of rows: what was drawn, moved to one stretch. */
  gather: 2,
  /** A group of columns: histograms and best splits for all jobs. */
  search: 3,
  /** A block of rows of a node: which go left. */
  mark: 4,
  /** A block of rows of a node: to their sides. */
  move: 5,
  /** A block of rows: margins. */
  add: 6,
} as const;

/** Words of the records, by phase. */
export const jobRecord = {
  buffer: 0,
  begin: 1,
  count: 2,
  /** Slot of the histograms that are built; −1 for the thread's own, which are not kept. */
  slot: 3,
  /** Slot of the parent, whose rest becomes the sibling's; −1 when there is none. */
  siblingSlot: 4,
  node: 5,
  siblingNode: 6,
} as const;
export const splitRecord = {
  buffer: 0,
  begin: 1,
  count: 2,
  codes: 3,
  shift: 4,
  limit: 5,
  lefts: 6,
  leftTo: 7,
  rightTo: 8,
} as const;
export const drawRecord = { count: 0, to: 1 } as const;

/** What units need to know beside the memory; the same for all threads. */
export interface BoostingWork {
  readonly memory: SharedMemory;
  readonly layout: BoostingLayout;
  readonly data: Matrix;
  readonly weighted: boolean;
  readonly intervals: number;
  readonly monotone: readonly number[];
}

/** Cells of `phaseArguments`, behind the crew's. */
export const phaseArguments = { seed: 0, limit: 1, jobs: 2, columns: 3 } as const;
const argumentsOffset = 32;

export function argumentsOf({ memory, layout }: Pick<BoostingWork, 'memory' | 'layout'>): Int32Array {
  return new Int32Array(memory.buffer, layout.control + argumentsOffset, 8);
}

/** The worker of one thread. */
export function boostingUnits(work: BoostingWork, thread: number): RunUnit {
  const { memory, layout, data } = work;
  const { n, d } = layout;
  const kernel = boostingKernel(memory);
  const scratch = layout.scratch[thread]!;
  const cutCounts = new Int32Array(memory.buffer, layout.cutCounts, d);
  const records = new Int32Array(memory.buffer, layout.records, recordWords * recordCount(layout));
  const cells = argumentsOf(work);
  const columns = new Int32Array(memory.buffer, layout.treeColumns, layout.slotColumns);

  const bin = (column: number): void => {
    const place = scratch.sorting[0];
    const values = new Float32Array(memory.buffer, place, n);
    const weights = new Float32Array(memory.buffer, layout.weights, n);
    const cuts = new Float32Array(memory.buffer, layout.cuts + column * 1024, 256);
    let known = 0;
    let sorted: Float32Array;
    let masses: Float32Array | undefined;
    if (work.weighted) {
      const pairs = new Float32Array(memory.buffer, place, 2 * n);
      for (let row = 0, at = column; row < n; row++, at += d) {
        const value = data.values[at]!;
        if (value !== value || weights[row] === 0) continue;
        pairs[2 * known] = value;
        pairs[2 * known + 1] = weights[row]!;
        known++;
      }
      kernel.sortWeighted(place, scratch.sorting[1], known, scratch.counts);
      sorted = new Float32Array(known);
      masses = new Float32Array(known);
      for (let index = 0; index < known; index++) {
        sorted[index] = pairs[2 * index]!;
        masses[index] = pairs[2 * index + 1]!;
      }
    } else {
      for (let row = 0, at = column; row < n; row++, at += d) {
        const value = data.values[at]!;
        if (value === value) values[known++] = value;
      }
      kernel.sortNumbers(place, scratch.sorting[1], known, scratch.counts);
      sorted = values.subarray(0, known);
    }
    const found = cutsOfSorted(sorted, work.intervals, masses);
    cuts.fill(Infinity);
    cuts.set(found);
    cutCounts[column] = found.length;
    for (let row = 0, at = column; row < n; row++, at += d) values[row] = data.values[at]!;
    kernel.codeColumn(place, n, layout.cuts + column * 1024, layout.codes + column * n);
  };

  const draw = (block: number): void => {
    const from = block * rowsPerBlock;
    records[block * recordWords + drawRecord.count] = kernel.drawRows(
      from,
      Math.min(n, from + rowsPerBlock),
      layout.margins,
      layout.labels,
      layout.weights,
      cells[phaseArguments.seed]!,
      cells[phaseArguments.limit]!,
      layout.rows[1],
      layout.pairs[1],
      scratch.lanes,
      layout.results + block * 16,
    );
  };

  const gather = (block: number): void => {
    const from = block * rowsPerBlock;
    const count = records[block * recordWords + drawRecord.count]!;
    const to = records[block * recordWords + drawRecord.to]!;
    new Uint32Array(memory.buffer, layout.rows[0] + to * 4, count).set(
      new Uint32Array(memory.buffer, layout.rows[1] + from * 4, count),
    );
    new Float32Array(memory.buffer, layout.pairs[0] + to * 8, 2 * count).set(
      new Float32Array(memory.buffer, layout.pairs[1] + from * 8, 2 * count),
    );
  };

  const slotAt = (slot: number, first: number): number =>
    layout.histograms + (slot * layout.slotColumns + first) * histogramBytes;

  const searchNode = (histograms: number, node: number, first: number, count: number): void => {
    for (let index = 0; index < count; index++) {
      const column = columns[first + index]!;
      kernel.findSplit(
        histograms + index * histogramBytes,
        cutCounts[column]!,
        layout.nodes + node * 32,
        layout.parameters,
        work.monotone[column] ?? 0,
        layout.results + (node * layout.slotColumns + first + index) * resultBytes,
      );
    }
  };

  const search = (group: number): void => {
    const first = group * columnsPerGroup;
    const count = Math.min(columnsPerGroup, cells[phaseArguments.columns]! - first);
    const codesOf = (index: number): number => layout.codes + columns[first + index]! * n;
    for (let job = 0; job < cells[phaseArguments.jobs]!; job++) {
      const at = job * recordWords;
      const slot = records[at + jobRecord.slot]!;
      const siblingSlot = records[at + jobRecord.siblingSlot]!;
      const histograms = slot < 0 ? scratch.histograms : slotAt(slot, first);
      const begin = records[at + jobRecord.begin]!;
      const rows = layout.rows[records[at + jobRecord.buffer] as 0 | 1] + begin * 4;
      const pairs = layout.pairs[records[at + jobRecord.buffer] as 0 | 1] + begin * 8;
      const length = records[at + jobRecord.count]!;
      kernel.clear(histograms, count);
      if (count === columnsPerGroup) {
        kernel.accumulateFour(
          codesOf(0),
          codesOf(1),
          codesOf(2),
          codesOf(3),
          rows,
          pairs,
          length,
          histograms,
        );
      } else {
        for (let index = 0; index < count; index++) {
          kernel.accumulate(codesOf(index), rows, pairs, length, histograms + index * histogramBytes);
        }
      }
      searchNode(histograms, records[at + jobRecord.node]!, first, count);
      if (siblingSlot < 0) continue;
      kernel.subtract(slotAt(siblingSlot, first), histograms, count);
      searchNode(slotAt(siblingSlot, first), records[at + jobRecord.siblingNode]!, first, count);
    }
  };

  const mark = (unit: number): void => {
    const at = unit * recordWords;
    const begin = records[at + splitRecord.begin]!;
    records[at + splitRecord.lefts] = kernel.markLeft(
      layout.rows[records[at + splitRecord.buffer] as 0 | 1] + begin * 4,
      records[at + splitRecord.count]!,
      records[at + splitRecord.codes]! >>> 0,
      records[at + splitRecord.shift]!,
      records[at + splitRecord.limit]!,
      layout.marks + begin,
    );
  };

  const move = (unit: number): void => {
    const at = unit * recordWords;
    const begin = records[at + splitRecord.begin]!;
    const from = records[at + splitRecord.buffer] as 0 | 1;
    const to = from === 0 ? 1 : 0;
    const leftTo = records[at + splitRecord.leftTo]!;
    const rightTo = records[at + splitRecord.rightTo]!;
    kernel.moveRows(
      layout.rows[from] + begin * 4,
      layout.pairs[from] + begin * 8,
      layout.marks + begin,
      records[at + splitRecord.count]!,
      layout.rows[to] + leftTo * 4,
      layout.pairs[to] + leftTo * 8,
      layout.rows[to] + rightTo * 4,
      layout.pairs[to] + rightTo * 8,
    );
  };

  const add = (block: number): void => {
    const from = block * rowsPerBlock;
    kernel.addTree(from, Math.min(n, from + rowsPerBlock), layout.nodes, layout.margins);
  };

  const byKind: Readonly<Record<number, (unit: number) => void>> = {
    [phases.bin]: bin,
    [phases.draw]: draw,
    [phases.gather]: gather,
    [phases.search]: search,
    [phases.mark]: mark,
    [phases.move]: move,
    [phases.add]: add,
  };
  return (kind, unit) => byKind[kind]!(unit);
}

export function recordCount({ n, nodesAtOnce }: BoostingLayout): number {
  return Math.ceil(n / rowsPerBlock) + nodesAtOnce;
}
