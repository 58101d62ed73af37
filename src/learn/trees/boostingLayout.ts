import { QuarterdeckError } from '../../contracts';
import { mostUnits } from './crew';

/** Where everything of one fit lies in the memory that the histogramTrees kernel and all threads work on. */
export interface BoostingLayout {
  readonly n: number;
  readonly d: number;
  readonly threads: number;
  /** Counters of the crew. */
  readonly control: number;
  /** d × n codes, column-wise. */
  readonly codes: number;
  /** Per column 256 cuts, filled up with infinity, and their number. */
  readonly cuts: number;
  readonly cutCounts: number;
  readonly margins: number;
  readonly labels: number;
  readonly weights: number;
  /** Rows of the tree's nodes and their derivatives, twice: a split moves them from one to the other. */
  readonly rows: readonly [number, number];
  readonly pairs: readonly [number, number];
  readonly marks: number;
  /** Histograms of `slots` nodes, each of `slotColumns` columns. */
  readonly histograms: number;
  readonly slots: number;
  readonly slotColumns: number;
  /** Columns of the tree that is grown. */
  readonly treeColumns: number;
  readonly nodesAtOnce: number;
  readonly parameters: number;
  /** Records of the units of a phase. */
  readonly records: number;
  readonly nodes: number;
  readonly results: number;
  readonly scratch: readonly ScratchLayout[];
  readonly bytes: number;
}

export interface ScratchLayout {
  /** n pairs, twice, and the counts of a sort. */
  readonly sorting: readonly [number, number];
  readonly counts: number;
  /** Histograms of a group of columns. */
  readonly histograms: number;
  readonly lanes: number;
}

export interface BoostingShape {
  readonly n: number;
  readonly d: number;
  readonly threads: number;
  readonly weighted: boolean;
  readonly slots: number;
  readonly slotColumns: number;
  /** Most nodes that are searched or split in one go. */
  readonly nodesAtOnce: number;
  readonly nodesOfTree: number;
}

export const histogramBytes = 4096;
/** Rows in a unit of work over rows; a multiple of four. */
export const rowsPerBlock = 16_384;
export const recordWords = 12;
export const resultBytes = 32;
export const nodeBytes = 32;
export const columnsPerGroup = 4;
/** Memory below is the kernel's own. */
const memoryStart = 4096;
const alignment = 64;
/** What 32-bit addresses reach. */
const mostBytes = 2 ** 32 - 2 ** 16;
const sortCounts = 3 * 2048 * 4;

/** @throws INPUT_TOO_LARGE when one memory cannot hold it all. */
export function layoutBoosting(shape: BoostingShape): BoostingLayout {
  const { n, d, threads, slots, slotColumns, nodesAtOnce, nodesOfTree } = shape;
  let end = memoryStart;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / alignment) * alignment;
    return at;
  };
  const sortBytes = n * (shape.weighted ? 8 : 4);
  const units = Math.ceil(n / rowsPerBlock) + nodesAtOnce;
  const layout = {
    ...shape,
    control: take(64),
    codes: take(n * d),
    cuts: take(d * 256 * 4),
    cutCounts: take(d * 4),
    margins: take((n + 3) * 4),
    labels: take(n),
    weights: take((n + 3) * 4),
    rows: [take(n * 4 + 4), take(n * 4 + 4)] as const,
    pairs: [take(n * 8 + 8), take(n * 8 + 8)] as const,
    marks: take(n),
    histograms: take(slots * slotColumns * histogramBytes),
    treeColumns: take(slotColumns * 4),
    parameters: take(5 * 8),
    records: take(units * recordWords * 4),
    nodes: take(Math.max(nodesAtOnce * 32, nodesOfTree * nodeBytes)),
    results: take(Math.max(nodesAtOnce * slotColumns * resultBytes, units * 16)),
    scratch: Array.from({ length: threads }, () => ({
      sorting: [take(sortBytes), take(sortBytes)] as const,
      counts: take(sortCounts),
      histograms: take(columnsPerGroup * histogramBytes),
      lanes: take(32),
    })),
  };
  if (d > mostUnits) {
    throw new QuarterdeckError('INPUT_TOO_LARGE', `boosting takes at most ${mostUnits} columns, not ${d}`);
  }
  if (end > mostBytes) {
    throw new QuarterdeckError(
      'INPUT_TOO_LARGE',
      `boosting ${n} × ${d} needs ${end} bytes of memory, at most ${mostBytes} can be had`,
    );
  }
  return { ...layout, bytes: end };
}
