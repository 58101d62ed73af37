import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { EuclideanDistanceSums } from './distanceSums';

export interface SilhouetteOptions {
  readonly metric: 'euclidean' | 'cosine';
  /** With more rows than this, as many are drawn without putting back, and scored among themselves. */
  readonly sample?: number;
  /**
   * Rows to score, each against all rows that take part: the mean is then unbiased however few they are, where among
   * themselves they would make small clusters look worse than they are. All rows when left out; ascending.
   */
  readonly scored?: Int32Array;
}

/** Silhouettes row by row. */
export interface RowSilhouettes {
  /** Rows that were scored, ascending. */
  readonly rows: Int32Array;
  /** Silhouette of each of them, −1 to 1. */
  readonly values: Float64Array;
  readonly mean: number;
  /** Of the mean, as an estimate from a sample of rows drawn at random: standard deviation / √rows. */
  readonly standardError: number;
}

/** Rows between two turns of the event loop; some ten milliseconds each with 15,000 rows of 20 columns. */
const rowsPerTurn = 256;

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
  const scorer = new SilhouetteScorer(data, labels, options, random);
  scorer.score(0, scorer.scored.length);
  return scorer.result().mean;
}

/** As `silhouette`, row by row, giving way to other work in between. @throws also ABORTED */
export async function rowSilhouettes(
  data: Matrix,
  labels: Int32Array,
  options: SilhouetteOptions,
  random: Random,
  control?: RunControl,
): Promise<RowSilhouettes> {
  checkAborted(control);
  const scorer = new SilhouetteScorer(data, labels, options, random);
  const total = scorer.scored.length;
  for (let from = 0; from < total; from += rowsPerTurn) {
    scorer.score(from, Math.min(total, from + rowsPerTurn));
    control?.onProgress?.({ stage: 'silhouettes', done: Math.min(total, from + rowsPerTurn), total });
    await breathe(control);
  }
  return scorer.result();
}

/** The rows that take part, and the score of those that are asked for. */
class SilhouetteScorer {
  /** Places in `rows` of the rows that are scored. */
  readonly scored: Int32Array;
  private readonly rows: Int32Array;
  private readonly values: Float64Array;
  private readonly codes: Int32Array;
  private readonly sizes: Float64Array;
  private readonly sums: Float64Array;
  private readonly distanceSums: DistanceSums;

  constructor(data: Matrix, labels: Int32Array, options: SilhouetteOptions, random: Random) {
    if (labels.length !== data.n) {
      throw new QuarterdeckError('DATA_RAGGED', `${labels.length} labels for ${data.n} rows`, {
        culprit: { row: Math.min(labels.length, data.n) },
      });
    }
    this.rows = drawRows(labels, options.sample, random);
    const codeOf = new Map<number, number>();
    for (const row of this.rows) if (!codeOf.has(labels[row]!)) codeOf.set(labels[row]!, codeOf.size);
    const k = codeOf.size;
    if (k < 2) {
      throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `a silhouette needs two clusters, there are ${k}`);
    }
    this.scored = placesOf(this.rows, options.scored);
    this.codes = Int32Array.from(this.rows, (row) => codeOf.get(labels[row]!)!);
    this.sizes = new Float64Array(k);
    for (const code of this.codes) this.sizes[code]!++;
    this.sums = new Float64Array(k);
    this.values = new Float64Array(this.scored.length);
    this.distanceSums =
      options.metric === 'cosine'
        ? cosineDistances(data, this.rows, this.codes, k)
        : new EuclideanDistanceSums(data, this.rows, this.codes, k, this.scored).write;
  }

  score(from: number, to: number): void {
    const { codes, scored, sizes, sums } = this;
    for (let place = from; place < to; place++) {
      const index = scored[place]!;
      const own = codes[index]!;
      if (sizes[own] === 1) continue;
      this.distanceSums(index, place, sums);
      let nearest = Infinity;
      for (let code = 0; code < sizes.length; code++) {
        if (code !== own) nearest = Math.min(nearest, sums[code]! / sizes[code]!);
      }
      const within = sums[own]! / (sizes[own]! - 1);
      const larger = Math.max(within, nearest);
      if (larger > 0) this.values[place] = (nearest - within) / larger;
    }
  }

  result(): RowSilhouettes {
    const { values } = this;
    const rows = this.scored.map((index) => this.rows[index]!);
    let sum = 0;
    for (const value of values) sum += value;
    const mean = sum / values.length;
    let squares = 0;
    for (const value of values) squares += (value - mean) ** 2;
    const standardError = Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
    return { rows, values, mean, standardError };
  }
}

/** Where the wanted rows stand among those that take part; rows that take no part are left out. */
function placesOf(rows: Int32Array, wanted: Int32Array | undefined): Int32Array {
  if (!wanted) return Int32Array.from(rows.keys());
  const wantedRows = new Set(wanted);
  return Int32Array.from(rows.keys()).filter((index) => wantedRows.has(rows[index]!));
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

/**
 * Writes the sum of the distances of one row to the members of every cluster. `index` is its place among all rows,
 * `place` that among the scored ones.
 */
type DistanceSums = (index: number, place: number, sums: Float64Array) => void;

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
  return (index, _place, sums) => {
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
