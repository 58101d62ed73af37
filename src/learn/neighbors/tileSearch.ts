import { breathe, type RunControl } from '../run';
import type { Task } from '../threads';
import { CandidateLists, type Candidates } from './candidates';
import type { SearchSpace } from './metric';
import { blockOf, blockRows, ScoreBlock } from './scoreBlock';

/**
 * One thread's share of the exact search: tiles of query rows against reference rows are claimed one by one, so
 * threads stay busy to the end. Lists of best candidates are ordered by score and index, hence their union does
 * not depend on which thread took which tile.
 */
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

/** Tiles between two looks at the signal; a few tens of milliseconds. */
const tilesPerBreath = 16;

export const tileSearchTask: Task<TileSearch, Candidates> = {
  module: __filename,
  name: 'searchTiles',
  call: (input) => searchTiles(input),
};

export async function searchTiles(input: TileSearch, control?: RunControl): Promise<Candidates> {
  const { queries, reference, self, k, claim } = input;
  const block = new ScoreBlock(reference.d);
  const { functions, tile, tileColumns } = block;
  const lists = new CandidateLists(block.memory, queries.n, k);
  // Whole blocks, because limits are read four at a time.
  const worst = block.memory.allocate((queries.n + blockRows) * 4);
  block.memory.float32(worst, queries.n).fill(-Infinity);

  const queryBlocks = Math.ceil(queries.n / blockRows);
  const referenceBlocks = Math.ceil(reference.n / blockRows);
  const tiles = self ? (queryBlocks * (queryBlocks + 1)) / 2 : queryBlocks * referenceBlocks;
  let loadedQuery = -1;
  let done = 0;
  for (let next = Atomics.add(claim, 0, 1); next < tiles; next = Atomics.add(claim, 0, 1)) {
    const [queryAt, referenceAt] = self ? triangleCell(next) : rectangleCell(next, referenceBlocks);
    if (queryAt !== loadedQuery) {
      block.loadQueries(queries, blockOf(queries.n, queryAt));
      loadedQuery = queryAt;
    }
    const columns = block.score(reference, blockOf(reference.n, referenceAt));
    const rows = block.queryRows;
    const firstRow = queryAt * blockRows;
    const firstColumn = referenceAt * blockRows;
    functions.selectByRow(
      tile,
      rows,
      columns,
      tileColumns,
      firstRow,
      firstColumn,
      self ? 1 : 0,
      lists.scoresAt,
      lists.indicesAt,
      worst,
      k,
    );
    if (self && queryAt !== referenceAt) {
      functions.selectByColumn(
        tile,
        rows,
        columns,
        tileColumns,
        firstRow,
        firstColumn,
        lists.scoresAt,
        lists.indicesAt,
        worst,
        k,
      );
    }
    if (++done % tilesPerBreath === 0) await breathe(control);
  }
  return lists.read();
}

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
