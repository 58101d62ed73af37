import type { Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import type { RunControl } from '../run';
import type { NeighborGraph } from './neighborGraph';
import { approximateNeighbors } from './approximateNeighbors';
import { exactNeighbors } from './exactNeighbors';
import { checkNeighbors, type SearchOptions } from './searchNeighbors';

export interface NeighborOptions extends SearchOptions {
  /** Rows up to which the answer is exact. Default 25,000. */
  readonly exactUpTo?: number;
}

/** Up to here all pairs take no more than a few seconds. */
const defaultExactUpTo = 25_000;

/**
 * The `neighbors` nearest rows of every row of `data` (`n × d`). As in umap-learn the row itself is one of
 * them: it comes first, at distance 0, also where other rows are identical to it. Above `exactUpTo` rows some
 * neighbours are missed (a few in a hundred) and farther ones stand in for them.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export function nearestNeighbors(
  data: Matrix,
  options: NeighborOptions,
  random: Random,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkMatrix(data);
  checkNeighbors(options.neighbors, 1, data.n);
  const { neighbors, metric, exactUpTo = defaultExactUpTo } = options;
  return data.n <= exactUpTo || neighbors === 1
    ? exactNeighbors(data, undefined, neighbors, metric, control)
    : approximateNeighbors(data, neighbors, metric, random, control);
}
