import { QuarterdeckError } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { columnMeans, searchSpace, type Metric, type SearchSpace } from './metric';
import type { NeighborGraph } from './neighborGraph';
import { refineCandidates } from './refine';
import { searchTiles, tileSearchTask, type Candidates } from './tileSearch';

export interface SearchOptions {
  /** Neighbours of each query, at most the rows of the reference. */
  readonly neighbors: number;
  readonly metric: Metric;
}

/**
 * Candidates kept beyond the wanted neighbours: single-precision scores may order near ties differently from
 * the exact distances that decide.
 */
const spareCandidates = 8;

/**
 * Exact nearest rows of `reference` (`n × d`) for every row of `queries` (`m × d`). The answer for a row does not
 * depend on the other queries.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, DATA_WIDTH_MISMATCH, PARAMETER_INVALID, ABORTED.
 */
export async function searchNeighbors(
  reference: Matrix,
  queries: Matrix,
  options: SearchOptions,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkMatrix(reference);
  checkMatrix(queries);
  if (queries.d !== reference.d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `queries have ${queries.d} columns, the reference has ${reference.d}`,
    );
  }
  checkNeighbors(options.neighbors, 1, reference.n);
  return exactNeighbors(reference, queries, options, control);
}

/** The search without its checks; `queries` left out means the reference searches itself. */
export async function exactNeighbors(
  reference: Matrix,
  queries: Matrix | undefined,
  { neighbors, metric }: SearchOptions,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkAborted(control);
  const self = queries === undefined;
  const others = self ? neighbors - 1 : neighbors;
  const listLength = Math.min(others + spareCandidates, self ? Math.max(1, reference.n - 1) : reference.n);
  const center = metric === 'euclidean' ? columnMeans(reference) : undefined;
  const referenceSpace = searchSpace(reference, metric, center);
  const querySpace = self ? referenceSpace : searchSpace(queries, metric, center);
  const lists = await candidateLists(querySpace, referenceSpace, self, listLength, control);
  return refineCandidates(
    queries ?? reference,
    reference,
    metric,
    lists,
    { listLength, k: neighbors, self },
    control,
  );
}

async function candidateLists(
  queries: SearchSpace,
  reference: SearchSpace,
  self: boolean,
  k: number,
  control: RunControl | undefined,
): Promise<Candidates[]> {
  const claim = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const input = { queries, reference, self, k, claim };
  const threads = control?.threads;
  if (!threads) return [await searchTiles(input, control)];
  return Promise.all(
    Array.from({ length: threads.size }, () => threads.run(tileSearchTask, input, control.signal)),
  );
}

export function checkNeighbors(neighbors: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(neighbors) || neighbors < minimum || neighbors > maximum) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `neighbors is ${neighbors}, expected a whole number from ${minimum} to ${maximum}`,
      { culprit: { option: 'neighbors' } },
    );
  }
}
