import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../matrix';

export interface SilhouetteOptions {
  readonly metric: 'euclidean' | 'cosine';
  /** With more rows than this, as many are drawn without putting back, and scored among themselves. */
  readonly sample?: number;
}

/**
 * Mean silhouette (Rousseeuw, 1987): how much nearer rows are to their own cluster than to the next one, −1 to 1.
 * Rows labelled below zero (noise) are left out; a row alone in its cluster scores 0.
 * @param data n × d; a zero row has cosine distance 1 to everything.
 * @throws DATA_RAGGED for another number of labels, DATA_TOO_FEW_ROWS with fewer than two clusters.
 */
export function silhouette(
  data: Matrix,
  labels: Int32Array,
  options: SilhouetteOptions,
  random: Random,
): number {
  if (labels.length !== data.n) {
    throw new QuarterdeckError('DATA_RAGGED', `${labels.length} labels for ${data.n} rows`, {
      culprit: { row: Math.min(labels.length, data.n) },
    });
  }
  const rows = drawRows(labels, options.sample, random);
  const codeOf = new Map<number, number>();
  for (const row of rows) if (!codeOf.has(labels[row]!)) codeOf.set(labels[row]!, codeOf.size);
  const k = codeOf.size;
  if (k < 2)
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `a silhouette needs two clusters, there are ${k}`);
  const codes = Int32Array.from(rows, (row) => codeOf.get(labels[row]!)!);
  const sizes = new Float64Array(k);
  for (const code of codes) sizes[code]!++;
  const meanDistances =
    options.metric === 'cosine'
      ? cosineDistances(data, rows, codes, k)
      : euclideanDistances(data, rows, codes);
  const sums = new Float64Array(k);
  let total = 0;
  for (let index = 0; index < rows.length; index++) {
    const own = codes[index]!;
    if (sizes[own] === 1) continue;
    meanDistances(index, sums);
    let nearest = Infinity;
    for (let code = 0; code < k; code++) {
      if (code !== own) nearest = Math.min(nearest, sums[code]! / sizes[code]!);
    }
    const within = sums[own]! / (sizes[own]! - 1);
    const larger = Math.max(within, nearest);
    if (larger > 0) total += (nearest - within) / larger;
  }
  return total / rows.length;
}

function drawRows(labels: Int32Array, sample: number | undefined, random: Random): Int32Array {
  const rows: number[] = [];
  labels.forEach((label, row) => {
    if (label >= 0) rows.push(row);
  });
  if (sample === undefined || rows.length <= sample) return Int32Array.from(rows);
  for (let index = 0; index < sample; index++) {
    const other = index + random.integer(rows.length - index);
    [rows[index], rows[other]] = [rows[other]!, rows[index]!];
  }
  return Int32Array.from(rows.slice(0, sample)).sort();
}

/** Writes, for one drawn row, the sum of its distances to the members of every cluster. */
type DistanceSums = (index: number, sums: Float64Array) => void;

function euclideanDistances(data: Matrix, rows: Int32Array, codes: Int32Array): DistanceSums {
  const { values, d } = data;
  return (index, sums) => {
    sums.fill(0);
    const start = rows[index]! * d;
    for (let other = 0; other < rows.length; other++) {
      const otherStart = rows[other]! * d;
      let square = 0;
      for (let column = 0; column < d; column++) {
        const difference = values[start + column]! - values[otherStart + column]!;
        square += difference * difference;
      }
      sums[codes[other]!]! += Math.sqrt(square);
    }
  };
}

/**
 * Cosine distances add up: the sum over a cluster is its size minus the dot product with the sum of its unit
 * vectors, so no pair of rows is ever compared.
 */
function cosineDistances(data: Matrix, rows: Int32Array, codes: Int32Array, k: number): DistanceSums {
  const { values, d } = data;
  const unit = new Float64Array(rows.length * d);
  const clusterSums = new Float64Array(k * d);
  const sizes = new Float64Array(k);
  const isZero = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    let square = 0;
    for (let column = 0; column < d; column++) square += values[row * d + column]! ** 2;
    const code = codes[index]!;
    sizes[code]!++;
    if (square === 0) {
      isZero[index] = 1;
      return;
    }
    const scale = 1 / Math.sqrt(square);
    for (let column = 0; column < d; column++) {
      const value = values[row * d + column]! * scale;
      unit[index * d + column] = value;
      clusterSums[code * d + column]! += value;
    }
  });
  return (index, sums) => {
    for (let code = 0; code < k; code++) {
      let dot = 0;
      for (let column = 0; column < d; column++)
        dot += unit[index * d + column]! * clusterSums[code * d + column]!;
      sums[code] = Math.max(0, sizes[code]! - dot);
    }
    // Its distance to itself is none, which the formula above counts as 1 for a zero row.
    if (isZero[index]) sums[codes[index]!]! -= 1;
  };
}
