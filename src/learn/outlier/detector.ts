import type { Random } from '../../contracts';
import type { Matrix } from '../matrix';
import type { RunControl } from '../run';

/**
 * What every outlier detector is: options and unlabelled rows go in, a fitted detector comes out, and only that
 * can score. A `points` detector sees each row for itself; to a `series` detector rows are consecutive in time.
 */
export interface Detector<Options extends object = object> {
  /** As in the registry of detectors.ts, e.g. `isolation_forest`; also the kind in the header of its bytes. */
  readonly name: string;
  readonly kind: DetectorKind;
  /** Fewest rows that `fit` takes. */
  readonly minimumRows: number;
  /**
   * @param data `n × d`, unlabelled; some anomalies may be among the rows.
   * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
   */
  fit(data: Matrix, options: Partial<Options>, random: Random, run?: RunControl): Promise<FittedDetector>;
}

export type DetectorKind = 'points' | 'series';

export interface FittedDetector {
  readonly name: string;
  readonly kind: DetectorKind;
  /** Columns of the data that it was fitted on, and of all it scores. */
  readonly d: number;
  /** A row that scores above this is called an anomaly. */
  readonly threshold: number;
  /**
   * One finite score per row, higher is more anomalous. A series detector takes the rows as consecutive in time,
   * begins anew with the first, and scores each from itself and the rows before it alone.
   * @throws DATA_EMPTY, DATA_RAGGED, DATA_NOT_FINITE, DATA_WIDTH_MISMATCH, ABORTED.
   */
  score(data: Matrix, run?: RunControl): Float64Array;
  /**
   * How much each column adds to the score of row `row`: `d` numbers, none negative, in the detector's own unit.
   * @throws what `score` throws, and PARAMETER_INVALID when there is no such row.
   */
  explain(data: Matrix, row: number): Float64Array;
  /** A scorer for rows that come one at a time; detectors that need all rows at once have none. */
  stream?(): StreamingScorer;
  toBytes(): Uint8Array;
}

/** Scores one row after the other in memory that does not grow. */
export interface StreamingScorer {
  /** @throws DATA_NOT_FINITE, DATA_WIDTH_MISMATCH; the state is then as before. */
  update(row: Float32Array): number;
}

/** Reads what any registered detector's `toBytes` wrote. @throws MODEL_BYTES_INVALID. */
export type DetectorDecoder = (bytes: Uint8Array) => FittedDetector;

/** A line of the registry. */
export interface DetectorEntry {
  readonly detector: Detector;
  /** Columns above which it takes minutes: left out of wider data where it is not asked for by name. */
  readonly mostColumns?: number;
  /** `decode` is for detectors made of others. @throws MODEL_BYTES_INVALID. */
  fromBytes(bytes: Uint8Array, decode: DetectorDecoder): FittedDetector;
}
