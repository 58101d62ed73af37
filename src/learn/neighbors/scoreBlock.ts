import { instantiateKernel, type KernelMemory } from '../kernels';
import type { SearchSpace } from './metric';

/** Functions of assembly/neighbors.ts. */
interface NeighborFunctions {
  packPanels(source: number, rows: number, d: number, target: number): void;
  scoreTile(
    queries: number,
    queryRows: number,
    queryHalf: number,
    panels: number,
    referenceRows: number,
    panelHalf: number,
    d: number,
    tile: number,
    tileColumns: number,
  ): void;
  selectByRow(
    tile: number,
    rows: number,
    columns: number,
    tileColumns: number,
    firstRow: number,
    firstColumn: number,
    self: number,
    scores: number,
    indices: number,
    worst: number,
    k: number,
  ): void;
  selectByColumn(
    tile: number,
    rows: number,
    columns: number,
    tileColumns: number,
    firstRow: number,
    firstColumn: number,
    scores: number,
    indices: number,
    worst: number,
    k: number,
  ): void;
  selectGathered(
    tile: number,
    rowIds: number,
    rows: number,
    columnIds: number,
    columns: number,
    tileColumns: number,
    both: number,
    scores: number,
    indices: number,
    k: number,
  ): void;
  countAbove(line: number, columns: number, thresholds: number, k: number, counts: number): void;
}

/** Rows of a block's side: two blocks of 384 columns and the tile of scores lie within the second cache. */
export const blockRows = 256;

/** Points of a block: a run of rows, or rows by number. */
export type BlockPoints = { readonly first: number; readonly rows: number } | Int32Array;

/** A block of queries and one of references in a kernel's memory, and the tile of their scores. */
export class ScoreBlock {
  readonly functions: NeighborFunctions;
  readonly memory: KernelMemory;
  /** Byte offset of the scores, `rows of the queries × tileColumns`. */
  readonly tile: number;
  queryRows = 0;
  private readonly d: number;
  private readonly queries: number;
  private readonly queryHalf: number;
  private readonly staging: number;
  private readonly panels: number;
  private readonly referenceHalf: number;

  constructor(
    d: number,
    readonly tileColumns: number = blockRows,
  ) {
    const { functions, memory } = instantiateKernel<NeighborFunctions>('neighbors');
    this.functions = functions;
    this.memory = memory;
    this.d = d;
    const blockBytes = blockRows * d * Float32Array.BYTES_PER_ELEMENT;
    this.queries = memory.allocate(blockBytes);
    this.staging = memory.allocate(blockBytes);
    this.panels = memory.allocate(blockBytes);
    this.queryHalf = memory.allocate(blockRows * 4);
    this.referenceHalf = memory.allocate(blockRows * 4);
    this.tile = memory.allocate(blockRows * tileColumns * 4);
  }

  loadQueries(space: SearchSpace, points: BlockPoints): void {
    this.queryRows = this.load(space, points, this.queries, this.queryHalf);
  }

  /** Fills the tile's columns from `firstColumn` on with scores against the points; returns their number. */
  score(space: SearchSpace, points: BlockPoints, firstColumn = 0): number {
    const rows = this.load(space, points, this.staging, this.referenceHalf);
    // What lies beside the last point is nobody's neighbour.
    this.memory.float32(this.referenceHalf, blockRows).fill(Infinity, rows);
    this.functions.packPanels(this.staging, rows, this.d, this.panels);
    this.functions.scoreTile(
      this.queries,
      this.queryRows,
      this.queryHalf,
      this.panels,
      rows,
      this.referenceHalf,
      this.d,
      this.tile + firstColumn * 4,
      this.tileColumns,
    );
    return rows;
  }

  private load(space: SearchSpace, points: BlockPoints, rowsAt: number, halfAt: number): number {
    const { d } = this;
    if (!(points instanceof Int32Array)) {
      const { first, rows } = points;
      this.memory.float32(rowsAt, rows * d).set(space.vectors.subarray(first * d, (first + rows) * d));
      this.memory.float32(halfAt, rows).set(space.halfNorms.subarray(first, first + rows));
      return rows;
    }
    const target = this.memory.float32(rowsAt, points.length * d);
    const halves = this.memory.float32(halfAt, points.length);
    points.forEach((point, at) => {
      target.set(space.vectors.subarray(point * d, (point + 1) * d), at * d);
      halves[at] = space.halfNorms[point]!;
    });
    return points.length;
  }
}

/** Block `index` of `n` rows. */
export function blockOf(n: number, index: number): { first: number; rows: number } {
  const first = index * blockRows;
  return { first, rows: Math.min(blockRows, n - first) };
}
