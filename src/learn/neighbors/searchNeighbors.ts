import { QuarterdeckError } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import type { RunControl } from '../run';
import { exactNeighbors } from './exactNeighbors';
import type { Metric } from './metric';
import type { NeighborGraph } from './neighborGraph';

export interface SearchOptions {
  /** Neighbours of each query, at most the rows of the reference. */
  readonly neighbors: number;
  readonly metric: Metric;
}

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
  return exactNeighbors(reference, queries, options.neighbors, options.metric, control);
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
