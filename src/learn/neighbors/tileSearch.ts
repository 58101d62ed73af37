import { instantiateKernel } from '../kernels';
import { breathe, type RunControl } from '../run';
import type { Task } from '../threads';
import type { SearchSpace } from './metric';

/**
 * One thread's share of the exact search: tiles of query rows against reference rows are claimed one by one, so
 * threads stay busy to the end. Lists of best candidates are ordered by score and index, hence their union does
 * not depend on which thread took which tile.
 */

/** Rows of a tile's side: two blocks of 384 columns and the tile of scores lie within the second cache. */
const blockRows = 256;
/** Tiles between two looks at the signal; a few tens of milliseconds. */
const tilesPerBreath = 16;

export interface TileSearch {
  readonly queries: SearchSpace;
  readonly reference: SearchSpace;
  /** Queries are the reference: every pair is scored once, and no row is a candidate of itself. */
  readonly self: boolean;
  /** Length of each row's list. */
  readonly k: number;
  /** One shared cell, the next tile to claim. */
  readonly claim: Int32Array;
}

/** For every query row the `k` best scores, descending; unused places hold −∞. */
export interface Candidates {
  readonly scores: Float32Array;
  readonly indices: Int32Array;
}

interface NeighborKernel {
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
}

export const tileSearchTask: Task<TileSearch, Candidates> = {
  module: __filename,
  name: 'searchTiles',
  call: (input) => searchTiles(input),
};

export async function searchTiles(input: TileSearch, control?: RunControl): Promise<Candidates> {
  const { queries, reference, self, k, claim } = input;
  const { d } = reference;
  const { exports: kernel, memory } = instantiateKernel<NeighborKernel>('neighbors');
  const blockBytes = blockRows * d * Float32Array.BYTES_PER_ELEMENT;
  const queryBlock = memory.allocate(blockBytes);
  const staging = memory.allocate(blockBytes);
  const panels = memory.allocate(blockBytes);
  const queryHalf = memory.allocate(blockRows * 4);
  const referenceHalf = memory.allocate(blockRows * 4);
  const tile = memory.allocate(blockRows * blockRows * 4);
  const scores = memory.allocate(queries.n * k * 4);
  const indices = memory.allocate(queries.n * k * 4);
  // Whole blocks, because limits are read four at a time.
  const worst = memory.allocate((queries.n + blockRows) * 4);
  memory.float32(scores, queries.n * k).fill(-Infinity);
  memory.int32(indices, queries.n * k).fill(noCandidate);
  memory.float32(worst, queries.n).fill(-Infinity);

  const load = (space: SearchSpace, block: number, rowsAt: number, halfAt: number): number => {
    const first = block * blockRows;
    const rows = Math.min(blockRows, space.n - first);
    memory.float32(rowsAt, rows * d).set(space.vectors.subarray(first * d, (first + rows) * d));
    memory.float32(halfAt, rows).set(space.halfNorms.subarray(first, first + rows));
    return rows;
  };

  const queryBlocks = Math.ceil(queries.n / blockRows);
  const referenceBlocks = Math.ceil(reference.n / blockRows);
  const tiles = self ? (queryBlocks * (queryBlocks + 1)) / 2 : queryBlocks * referenceBlocks;
  let loadedQuery = -1;
  let queryRows = 0;
  let done = 0;
  for (let next = Atomics.add(claim, 0, 1); next < tiles; next = Atomics.add(claim, 0, 1)) {
    const [queryAt, referenceAt] = self ? triangleCell(next) : rectangleCell(next, referenceBlocks);
    if (queryAt !== loadedQuery) {
      queryRows = load(queries, queryAt, queryBlock, queryHalf);
      loadedQuery = queryAt;
    }
    const referenceRows = load(reference, referenceAt, staging, referenceHalf);
    const firstRow = queryAt * blockRows;
    const firstColumn = referenceAt * blockRows;
    kernel.packPanels(staging, referenceRows, d, panels);
    kernel.scoreTile(
      queryBlock,
      queryRows,
      queryHalf,
      panels,
      referenceRows,
      referenceHalf,
      d,
      tile,
      blockRows,
    );
    kernel.selectByRow(
      tile,
      queryRows,
      referenceRows,
      blockRows,
      firstRow,
      firstColumn,
      self ? 1 : 0,
      scores,
      indices,
      worst,
      k,
    );
    if (self && queryAt !== referenceAt) {
      kernel.selectByColumn(
        tile,
        queryRows,
        referenceRows,
        blockRows,
        firstRow,
        firstColumn,
        scores,
        indices,
        worst,
        k,
      );
    }
    if (++done % tilesPerBreath === 0) await breathe(control);
  }
  return {
    scores: memory.float32(scores, queries.n * k).slice(),
    indices: memory.int32(indices, queries.n * k).slice(),
  };
}

/** Index of an unused place of a list; larger than any row, so that it is the last among equals. */
export const noCandidate = 0x7fffffff;

/** Cell `index` of the lower triangle, row by row. */
function triangleCell(index: number): [number, number] {
  let row = Math.floor((Math.sqrt(8 * index + 1) - 1) / 2);
  // The root is a float: step to the row that holds the index.
  while ((row * (row + 1)) / 2 > index) row--;
  while (((row + 1) * (row + 2)) / 2 <= index) row++;
  return [row, index - (row * (row + 1)) / 2];
}

function rectangleCell(index: number, columns: number): [number, number] {
  return [Math.floor(index / columns), index % columns];
}
