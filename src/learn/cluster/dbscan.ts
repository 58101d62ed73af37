import { QuarterdeckError, type Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { FittedDbscan } from './fittedDbscan';
import { RadiusQueries } from './radiusQueries';
import { orderByTree } from './spatialTree';

export interface DbscanOptions {
  /** Radius of a neighbourhood. */
  readonly epsilon: number;
  /** Rows within the radius that make a row a core of a cluster, the row itself among them. */
  readonly minimumNeighbors: number;
}

/** Queries between two turns of the event loop. */
const queriesPerTurn = 1_024;

/**
 * DBSCAN (Ester, Kriegel, Sander and Xu 1996), with the labels of scikit-learn: clusters are numbered by their first
 * core row, and a row at the rim of several belongs to the first of them. Euclidean distance. Every row is asked about
 * twice at most, and rows that have a cluster are passed over, so that many equal rows cost no more than others.
 *
 * @param data n × d.
 * @param _random part of every estimator's signature; nothing here is random.
 * @throws PARAMETER_INVALID, DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, ABORTED
 */
export async function fitDbscan(
  data: Matrix,
  options: DbscanOptions,
  _random: Random,
  control: RunControl = {},
): Promise<FittedDbscan> {
  checkOptions(options);
  checkMatrix(data);
  checkAborted(control);
  const { n } = data;
  const order = orderByTree(data);
  const positionOf = new Int32Array(n);
  order.forEach((row, position) => (positionOf[row] = position));
  const queries = new RadiusQueries(data, order, options.epsilon);
  let asked = 0;
  const watch = async (stage: string, done: number): Promise<void> => {
    if (++asked % queriesPerTurn !== 0) return;
    control.onProgress?.({ stage, done, total: n });
    await breathe(control);
  };

  const isCore = new Uint8Array(n);
  for (let position = 0; position < n; position++) {
    isCore[order[position]!] = queries.hasWithin(position, options.minimumNeighbors) ? 1 : 0;
    await watch('cores', position + 1);
  }
  control.onProgress?.({ stage: 'cores', done: n, total: n });
  checkAborted(control);

  const labels = new Int32Array(n).fill(-1);
  const waiting = new Int32Array(n);
  let clusters = 0;
  for (let row = 0; row < n; row++) {
    if (isCore[row] === 0 || !queries.claim(positionOf[row]!)) continue;
    labels[row] = clusters;
    let left = 0;
    waiting[left++] = row;
    while (left > 0) {
      const from = waiting[--left]!;
      for (const position of queries.claimWithin(positionOf[from]!)) {
        const other = order[position]!;
        labels[other] = clusters;
        if (isCore[other] === 1) waiting[left++] = other;
      }
      await watch('clusters', row + 1);
    }
    clusters++;
  }
  control.onProgress?.({ stage: 'clusters', done: n, total: n });
  return FittedDbscan.of(data, options, labels, isCore, clusters);
}

function checkOptions({ epsilon, minimumNeighbors }: DbscanOptions): void {
  const refuse = (option: keyof DbscanOptions, why: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', why, { culprit: { option } });
  };
  if (!Number.isFinite(epsilon) || epsilon <= 0) {
    refuse('epsilon', `epsilon is ${epsilon}, a finite number above 0 is needed`);
  }
  if (!Number.isInteger(minimumNeighbors) || minimumNeighbors < 1) {
    refuse('minimumNeighbors', `minimumNeighbors is ${minimumNeighbors}, a whole number from 1 up is needed`);
  }
}
