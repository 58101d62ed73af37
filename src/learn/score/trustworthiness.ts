import { QuarterdeckError, type Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { neighborRanks, searchNeighbors, type Metric } from '../neighbors';
import type { RunControl } from '../run';

export interface TrustworthinessOptions {
  /** Neighbours of a row in the embedding, itself not among them. Below half of the rows. */
  readonly neighbors: number;
  /** Distance between rows of the data; the embedding's is Euclidean. */
  readonly metric: Metric;
  /** Rows that are looked at, drawn without replacement; all of them when left out. */
  readonly sample?: { readonly rows: number; readonly random: Random };
}

/**
 * How far the neighbours of a row in the embedding are neighbours in the data too, from 0 to 1 (Venna and Kaski,
 * 2001; scikit-learn `sklearn.manifold.trustworthiness`): one less the mean rank excess of the strangers.
 * @param data `n × d`.
 * @param embedding `n × c`.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, DATA_RAGGED when the row counts differ, PARAMETER_INVALID, ABORTED.
 */
export async function trustworthiness(
  data: Matrix,
  embedding: Matrix,
  options: TrustworthinessOptions,
  control?: RunControl,
): Promise<number> {
  checkMatrix(data);
  checkMatrix(embedding);
  const { n } = data;
  if (embedding.n !== n) {
    throw new QuarterdeckError('DATA_RAGGED', `the embedding has ${embedding.n} rows, the data ${n}`, {
      culprit: { row: Math.min(n, embedding.n) },
    });
  }
  const { neighbors: k, metric, sample } = options;
  if (!Number.isInteger(k) || k < 1 || k >= n / 2) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `neighbors is ${k}, expected a whole number from 1 and below half of the ${n} rows`,
      { culprit: { option: 'neighbors' } },
    );
  }
  const rows = sampledRows(n, sample);
  const others = await embeddedNeighbors(embedding, rows, k, control);
  const ranks = await neighborRanks(data, metric, { rows, others, k }, control);
  let excess = 0;
  for (const rank of ranks) excess += Math.max(0, rank - k);
  return 1 - (excess * 2) / (rows.length * k * (2 * n - 3 * k - 1));
}

function sampledRows(n: number, sample: TrustworthinessOptions['sample']): Int32Array {
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  if (!sample || sample.rows >= n) return rows;
  for (let i = 0; i < sample.rows; i++) {
    const j = i + sample.random.integer(n - i);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.slice(0, sample.rows).sort();
}

/** The `k` nearest others of each row in the embedding. */
async function embeddedNeighbors(
  embedding: Matrix,
  rows: Int32Array,
  k: number,
  control: RunControl | undefined,
): Promise<Int32Array> {
  const { d } = embedding;
  const values = new Float32Array(rows.length * d);
  rows.forEach((row, i) => values.set(embedding.values.subarray(row * d, (row + 1) * d), i * d));
  const found = await searchNeighbors(
    embedding,
    { values, n: rows.length, d },
    { neighbors: k + 1, metric: 'euclidean' },
    control,
  );
  const others = new Int32Array(rows.length * k);
  rows.forEach((row, i) => {
    const nearest = found.indices.subarray(i * (k + 1), (i + 1) * (k + 1));
    // Among duplicates the row itself may not be the first, or not be there at all.
    others.set(nearest.filter((index) => index !== row).subarray(0, k), i * k);
  });
  return others;
}
