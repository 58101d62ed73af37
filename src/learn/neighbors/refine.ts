import type { Matrix } from '../matrix';
import { breathe, type RunControl } from '../run';
import { noCandidate, type Candidates } from './candidates';
import { distanceOf, type Metric } from './metric';
import type { NeighborGraph } from './neighborGraph';

/** Rows between two looks at the signal. */
const rowsPerBreath = 512;

/**
 * Measures every candidate again, in double precision on the data as it came, and keeps the nearest `k`. With
 * `self`, the row itself comes first at distance 0.
 */
export async function refineCandidates(
  queries: Matrix,
  reference: Matrix,
  metric: Metric,
  { indices }: Candidates,
  options: { listLength: number; k: number; self: boolean },
  control?: RunControl,
): Promise<NeighborGraph> {
  const { listLength, k, self } = options;
  const { d } = reference;
  const graph = {
    n: queries.n,
    k,
    indices: new Int32Array(queries.n * k),
    distances: new Float32Array(queries.n * k),
  };
  const candidates: { index: number; distance: number }[] = [];
  for (let row = 0; row < queries.n; row++) {
    candidates.length = 0;
    for (let at = row * listLength; at < (row + 1) * listLength; at++) {
      const index = indices[at]!;
      if (index === noCandidate) break;
      const distance = distanceOf(metric, queries.values, row * d, reference.values, index * d, d);
      candidates.push({ index, distance });
    }
    if (candidates.length < (self ? k - 1 : k)) {
      // The approximate search may leave a list short where many neighbours are asked for.
      candidates.length = 0;
      for (let index = 0; index < reference.n; index++) {
        if (self && index === row) continue;
        const distance = distanceOf(metric, queries.values, row * d, reference.values, index * d, d);
        candidates.push({ index, distance });
      }
    }
    candidates.sort((a, b) => a.distance - b.distance || a.index - b.index);
    let at = row * k;
    if (self) graph.indices[at++] = row;
    for (let place = 0; at < (row + 1) * k; place++, at++) {
      graph.indices[at] = candidates[place]!.index;
      graph.distances[at] = candidates[place]!.distance;
    }
    if (row % rowsPerBreath === rowsPerBreath - 1) await breathe(control);
  }
  return graph;
}
