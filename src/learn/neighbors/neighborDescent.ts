import { seededRandom } from '../../contracts';
import { breathe, type RunControl } from '../run';
import type { Task } from '../threads';
import { CandidateLists, type Candidates } from './candidates';
import type { SearchSpace } from './metric';
import { projectionTreeLeaves } from './projectionTrees';
import { ScoreBlock } from './scoreBlock';

/**
 * One thread's shares of the approximate search: the leaves of projection trees, and the local joins of NN-descent.
 * Both offer pairs of rows to the rows' candidate lists; since a list is the best of all that was offered, the
 * shares of several threads merge to the same lists however the work was divided.
 */
interface Share {
  readonly space: SearchSpace;
  /** Length of a row's list. */
  readonly k: number;
}

export interface TreeShare extends Share {
  readonly leafSize: number;
  /** One tree for each. */
  readonly seeds: readonly number[];
}

export interface JoinShare extends Share {
  readonly lists: Candidates;
  /** Points around which neighbours are introduced to each other, from `first` up to `last`. */
  readonly first: number;
  readonly last: number;
  /** `n × (width + 1)`: how many, then the neighbours that are new since the last round, of either direction. */
  readonly fresh: Int32Array;
  /** The same of those that were introduced to each other before. */
  readonly known: Int32Array;
  readonly width: number;
}

/** Leaves or points between two looks at the signal. */
const leavesPerBreath = 16;
const joinsPerBreath = 256;

export const treeShareTask: Task<TreeShare, Candidates> = {
  module: __filename,
  name: 'searchLeaves',
  call: (input) => searchLeaves(input),
};

export const joinShareTask: Task<JoinShare, Candidates> = {
  module: __filename,
  name: 'joinNeighbors',
  call: (input) => joinNeighbors(input),
};

/** Offers to each other all rows that share a leaf. */
export async function searchLeaves(input: TreeShare, control?: RunControl): Promise<Candidates> {
  const { space, k, leafSize, seeds } = input;
  const block = new ScoreBlock(space.d);
  const lists = new CandidateLists(block.memory, space.n, k);
  const idsAt = block.memory.allocate(leafSize * 4);
  let done = 0;
  for (const seed of seeds) {
    for (const leaf of projectionTreeLeaves(space, leafSize, seededRandom(seed))) {
      block.memory.int32(idsAt, leaf.length).set(leaf);
      block.loadQueries(space, leaf);
      block.score(space, leaf);
      block.functions.selectGathered(
        block.tile,
        idsAt,
        leaf.length,
        idsAt,
        leaf.length,
        block.tileColumns,
        0,
        lists.scoresAt,
        lists.indicesAt,
        k,
      );
      if (++done % leavesPerBreath === 0) await breathe(control);
    }
  }
  return lists.read();
}

/** Around every point, offers the new neighbours to each other and to the known ones. */
export async function joinNeighbors(input: JoinShare, control?: RunControl): Promise<Candidates> {
  const { space, k, first, last, fresh, known, width } = input;
  const block = new ScoreBlock(space.d);
  const lists = new CandidateLists(block.memory, space.n, k, input.lists);
  const rowsAt = block.memory.allocate(width * 4);
  const columnsAt = block.memory.allocate(2 * width * 4);
  const columns = new Int32Array(2 * width);
  for (let point = first; point < last; point++) {
    const start = point * (width + 1);
    const freshCount = fresh[start]!;
    if (freshCount > 0) {
      const knownCount = known[start]!;
      columns.set(fresh.subarray(start + 1, start + 1 + freshCount));
      columns.set(known.subarray(start + 1, start + 1 + knownCount), freshCount);
      const rows = columns.subarray(0, freshCount);
      const all = columns.subarray(0, freshCount + knownCount);
      block.memory.int32(rowsAt, rows.length).set(rows);
      block.memory.int32(columnsAt, all.length).set(all);
      block.loadQueries(space, rows);
      block.score(space, all);
      block.functions.selectGathered(
        block.tile,
        rowsAt,
        rows.length,
        columnsAt,
        all.length,
        block.tileColumns,
        1,
        lists.scoresAt,
        lists.indicesAt,
        k,
      );
    }
    if (point % joinsPerBreath === joinsPerBreath - 1) await breathe(control);
  }
  return lists.read();
}
