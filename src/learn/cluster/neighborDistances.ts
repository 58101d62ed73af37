import { checkMatrix, rowOf, type Matrix } from '../matrix';
import { NeighborQueries } from './neighborQueries';
import { orderByTree } from './spatialTree';

/**
 * Distance of every row to its k-th nearest other row (the `k-dist` of Ester et al. 1996, from which a radius for
 * DBSCAN is read); to the farthest one when there are fewer.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS below two rows, DATA_RAGGED, DATA_NOT_FINITE
 */
export function neighborDistances(data: Matrix, k: number): Float64Array {
  checkMatrix(data, { minimumRows: 2 });
  // The nearest row of all is the row itself.
  const nearest = Math.min(k + 1, data.n);
  const queries = new NeighborQueries(data, orderByTree(data), nearest);
  const distances = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) {
    distances[row] = queries.nearest(rowOf(data, row)).distances[nearest - 1]!;
  }
  return distances;
}
