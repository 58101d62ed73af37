import type { Matrix } from '../matrix';
import { columnMeans } from '../decompose/gram';
import { checkAborted, type RunControl } from '../run';
import { mergeCandidates, type Candidates } from './candidates';
import { searchSpace, type Metric } from './metric';
import type { NeighborGraph } from './neighborGraph';
import { refineCandidates } from './refine';
import { searchTiles, tileSearchTask, type TileSearch } from './tileSearch';

/**
 * Candidates kept beyond the wanted neighbours: single-precision scores may order near ties differently from
 * the exact distances that decide.
 */
export const spareCandidates = 8;

/** Every query against every row of the reference; `queries` left out means the reference searches itself. */
export async function exactNeighbors(
  reference: Matrix,
  queries: Matrix | undefined,
  neighbors: number,
  metric: Metric,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkAborted(control);
  const self = queries === undefined;
  const others = self ? neighbors - 1 : neighbors;
  const listLength = Math.min(others + spareCandidates, self ? Math.max(1, reference.n - 1) : reference.n);
  const center = metric === 'euclidean' ? columnMeans(reference) : undefined;
  const referenceSpace = searchSpace(reference, metric, center);
  const input = {
    queries: self ? referenceSpace : searchSpace(queries, metric, center),
    reference: referenceSpace,
    self,
    k: listLength,
    claim: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
  const lists = await candidateLists(input, control);
  return refineCandidates(
    queries ?? reference,
    reference,
    metric,
    mergeCandidates(lists, input.queries.n, listLength),
    { listLength, k: neighbors, self },
    control,
  );
}

async function candidateLists(input: TileSearch, control: RunControl | undefined): Promise<Candidates[]> {
  const threads = control?.threads;
  if (!threads) return [await searchTiles(input, control)];
  return Promise.all(
    Array.from({ length: threads.size }, () => threads.run(tileSearchTask, input, control.signal)),
  );
}
