import { isQuarterdeckError, QuarterdeckError, type Random } from '../../contracts';

export interface BootstrapOptions {
  /** Samples drawn; 1,000 when left out. */
  readonly resamples?: number;
  /** Share of the distribution inside the interval; 0.95 when left out. */
  readonly confidence?: number;
  /**
   * Group of each of the n rows (an instance, an hour). Rows of a group are drawn together, since neighbouring
   * windows resemble each other and a bootstrap of single rows would give too narrow an interval.
   */
  readonly groups?: ArrayLike<number>;
}

export interface BootstrapInterval {
  /** The statistic of all rows. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  /** Samples the interval rests on. */
  readonly resamples: number;
  /** Samples that were drawn again because the statistic has no meaning on them. */
  readonly redrawn: number;
}

const defaultResamples = 1_000;
const defaultConfidence = 0.95;
/** Draws per wanted sample before it is said that there are too few rows of a class. */
const drawsPerResample = 10;

/**
 * Percentile interval of a statistic by the bootstrap (Efron and Tibshirani, 1993, chapter 13), by whole groups
 * where groups are given (Davison and Hinkley, 1997, section 3.8). For two models on the same rows let the
 * statistic be their difference: the interval is then the paired one. Samples on which the statistic throws
 * LABELS_ONE_CLASS or is NaN are drawn again.
 * @param statistic gets the drawn rows; the array is reused from call to call.
 * @param n rows to draw from.
 * @throws DATA_EMPTY, DATA_RAGGED when there are not n groups, PARAMETER_INVALID; LABELS_ONE_CLASS when the
 * statistic has no meaning on nine samples out of ten; whatever else the statistic throws.
 */
export function bootstrapInterval(
  statistic: (rows: Int32Array) => number,
  n: number,
  random: Random,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const resamples = options.resamples ?? defaultResamples;
  const confidence = options.confidence ?? defaultConfidence;
  if (!Number.isInteger(resamples) || resamples < 1) throw invalid('resamples', resamples);
  if (!(confidence > 0 && confidence < 1)) throw invalid('confidence', confidence);
  if (n === 0) throw new QuarterdeckError('DATA_EMPTY', 'there are no rows to draw from');
  const groups = rowsByGroup(n, options.groups);
  const estimate = statistic(Int32Array.from({ length: n }, (_, row) => row));
  const draw = drawing(groups, n, random);
  const values = new Float64Array(resamples);
  let found = 0;
  let redrawn = 0;
  while (found < resamples) {
    const value = valueOrNaN(statistic, draw());
    if (Number.isNaN(value)) redrawn++;
    else values[found++] = value;
    if (redrawn > resamples * (drawsPerResample - 1)) {
      throw new QuarterdeckError(
        'LABELS_ONE_CLASS',
        'most samples lack a class: the interval is not defined',
      );
    }
  }
  values.sort();
  const tail = (1 - confidence) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / resamples;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    estimate,
    lower: quantile(values, tail),
    upper: quantile(values, 1 - tail),
    standardError: Math.sqrt(squares / Math.max(1, resamples - 1)),
    resamples,
    redrawn,
  };
}

function rowsByGroup(n: number, groups: ArrayLike<number> | undefined): Int32Array[] | undefined {
  if (!groups) return undefined;
  if (groups.length !== n) {
    throw new QuarterdeckError('DATA_RAGGED', `${groups.length} groups for ${n} rows`, {
      culprit: { row: Math.min(groups.length, n) },
    });
  }
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const rows = rowsOf.get(groups[row]!);
    if (rows) rows.push(row);
    else rowsOf.set(groups[row]!, [row]);
  }
  return Array.from(rowsOf.values(), (rows) => Int32Array.from(rows));
}

function drawing(groups: Int32Array[] | undefined, n: number, random: Random): () => Int32Array {
  if (!groups) {
    const rows = new Int32Array(n);
    return () => {
      for (let index = 0; index < n; index++) rows[index] = random.integer(n);
      return rows;
    };
  }
  const largest = groups.reduce((size, rows) => Math.max(size, rows.length), 0);
  const space = new Int32Array(groups.length * largest);
  return () => {
    let length = 0;
    for (let index = 0; index < groups.length; index++) {
      const rows = groups[random.integer(groups.length)]!;
      space.set(rows, length);
      length += rows.length;
    }
    return space.subarray(0, length);
  };
}

function valueOrNaN(statistic: (rows: Int32Array) => number, rows: Int32Array): number {
  try {
    return statistic(rows);
  } catch (error) {
    if (isQuarterdeckError(error, 'LABELS_ONE_CLASS')) return Number.NaN;
    throw error;
  }
}

/** Linear between the ordered values (Hyndman and Fan's type 7, numpy's default). */
function quantile(ordered: Float64Array, share: number): number {
  const place = share * (ordered.length - 1);
  const below = Math.floor(place);
  const low = ordered[below]!;
  return low + (place - below) * (ordered[Math.min(below + 1, ordered.length - 1)]! - low);
}

function invalid(option: string, value: number): QuarterdeckError {
  return new QuarterdeckError('PARAMETER_INVALID', `${option} may not be ${value}`, { culprit: { option } });
}
