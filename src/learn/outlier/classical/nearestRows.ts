import { columnMeans } from '../../decompose/gram';
import { rowOf, type Matrix } from '../../matrix';
import { CandidateLists, noCandidate } from '../../neighbors/candidates';
import { spareCandidates } from '../../neighbors/exactNeighbors';
import { distanceOf, searchSpace, type SearchSpace } from '../../neighbors/metric';
import { blockOf, blockRows, ScoreBlock } from '../../neighbors/scoreBlock';
import { checkAborted, type RunControl } from '../../run';

export interface Nearest {
  readonly k: number;
  /** `n × k`, nearest first. */
  readonly indices: Int32Array;
  /** `n × k`. */
  readonly distances: Float64Array;
}

/** Queries searched at once, so that the kernel's memory stays small. */
const queriesAtOnce = 4_096;

/**
 * Exact Euclidean neighbours among fixed rows, on the calling thread: the search of src/learn/neighbors without its
 * pauses, for `score` answers at once.
 */
export class NearestRows {
  private readonly center: Float64Array;
  private readonly space: SearchSpace;

  constructor(readonly reference: Matrix) {
    this.center = columnMeans(reference);
    this.space = searchSpace(reference, 'euclidean', this.center);
  }

  /** The `k` nearest reference rows of every query. */
  search(queries: Matrix, k: number, run?: RunControl): Nearest {
    return this.searchAll(queries, k, false, run);
  }

  /** The `k` nearest other rows of every reference row. */
  searchOthers(k: number, run?: RunControl): Nearest {
    return this.searchAll(this.reference, k, true, run);
  }

  private searchAll(queries: Matrix, k: number, self: boolean, run: RunControl | undefined): Nearest {
    const result = {
      k,
      indices: new Int32Array(queries.n * k),
      distances: new Float64Array(queries.n * k),
    };
    for (let first = 0; first < queries.n; first += queriesAtOnce) {
      checkAborted(run);
      const n = Math.min(queriesAtOnce, queries.n - first);
      const values = queries.values.subarray(first * queries.d, (first + n) * queries.d);
      this.searchSome({ values, n, d: queries.d }, first, self, result);
    }
    return result;
  }

  private searchSome(queries: Matrix, firstQuery: number, self: boolean, result: Nearest): void {
    const { reference, space } = this;
    // Searching itself, a row finds itself too, and leaves that out afterwards.
    const listLength = Math.min(result.k + spareCandidates + (self ? 1 : 0), reference.n);
    const block = new ScoreBlock(space.d);
    const lists = new CandidateLists(block.memory, queries.n, listLength);
    // Whole blocks, because limits are read four at a time.
    const worst = block.memory.allocate((queries.n + blockRows) * Float32Array.BYTES_PER_ELEMENT);
    block.memory.float32(worst, queries.n).fill(-Infinity);
    const querySpace = searchSpace(queries, 'euclidean', this.center);
    for (let at = 0; at * blockRows < queries.n; at++) {
      block.loadQueries(querySpace, blockOf(queries.n, at));
      for (let other = 0; other * blockRows < reference.n; other++) {
        const columns = block.score(space, blockOf(reference.n, other));
        block.functions.selectByRow(
          block.tile,
          block.queryRows,
          columns,
          block.tileColumns,
          at * blockRows,
          other * blockRows,
          0,
          lists.scoresAt,
          lists.indicesAt,
          worst,
          listLength,
        );
      }
    }
    const { indices } = lists.read();
    for (let row = 0; row < queries.n; row++) {
      const candidates = indices.subarray(row * listLength, (row + 1) * listLength);
      this.refine(rowOf(queries, row), candidates, self ? firstQuery + row : -1, firstQuery + row, result);
    }
  }

  /** Orders one row's candidates by their distance in double precision; `itself` is left out. */
  private refine(
    query: Float32Array,
    candidates: Int32Array,
    itself: number,
    row: number,
    { k, indices, distances }: Nearest,
  ): void {
    const { values, d } = this.reference;
    const measured: { index: number; distance: number }[] = [];
    for (const index of candidates) {
      if (index === noCandidate || index === itself) continue;
      measured.push({ index, distance: distanceOf('euclidean', query, 0, values, index * d, d) });
    }
    measured.sort((a, b) => a.distance - b.distance || a.index - b.index);
    for (let at = 0; at < k; at++) {
      indices[row * k + at] = measured[at]!.index;
      distances[row * k + at] = measured[at]!.distance;
    }
  }
}

/** Root mean square of the differences to the given rows, for each column. */
export function differencesTo(query: Float32Array, reference: Matrix, rows: Int32Array): Float64Array {
  const squares = new Float64Array(query.length);
  for (const row of rows) {
    for (let column = 0; column < query.length; column++) {
      squares[column]! += (query[column]! - reference.values[row * reference.d + column]!) ** 2 / rows.length;
    }
  }
  return squares.map((square) => Math.sqrt(square));
}
