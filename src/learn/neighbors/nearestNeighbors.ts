import type { Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import type { RunControl } from '../run';
import type { NeighborGraph } from './neighborGraph';
import { exactNeighbors } from './exactNeighbors';
import { checkNeighbors, type SearchOptions } from './searchNeighbors';

export interface NeighborOptions extends SearchOptions {
  /** Rows up to which the answer is exact. */
  readonly exactUpTo?: number;
}

/**
 * The `neighbors` nearest rows of every row of `data` (`n × d`). As in umap-learn the row itself is one of
 * them: it comes first, at distance 0, also where other rows are identical to it.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export function nearestNeighbors(
  data: Matrix,
  options: NeighborOptions,
  _random: Random,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkMatrix(data);
  checkNeighbors(options.neighbors, 1, data.n);
  return exactNeighbors(data, undefined, options.neighbors, options.metric, control);
}
