import { encodeModel, type ModelContent } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import { requireOption } from '../detectorOptions';
import type { DetectorKind, FittedDetector } from '../detector';
import { checkQueries, checkStreamedRow, queryRow } from '../queries';

/**
 * What the detectors of this folder share: each follows every column by itself and says how many of the column's
 * own standard deviations a value is off; the row's score puts the columns together.
 */
export interface ColumnTracker {
  /** Writes each column's deviation, none negative, and takes the row into the state. */
  step(row: Float32Array, deviations: Float64Array): void;
}

/**
 * How the deviations of a row's columns become one score. `root-mean-square` (default) rises with every column
 * that is off; `maximum` is the worst column alone, and with it a score keeps the meaning of standard deviations
 * whatever the number of columns. With one column both are the same.
 */
export type ColumnCombination = 'root-mean-square' | 'maximum';

export interface ColumnOptions {
  readonly combine: ColumnCombination;
}

export const defaultCombination: ColumnCombination = 'root-mean-square';

export function requireCombination(combine: ColumnCombination): void {
  const holds = ['root-mean-square', 'maximum'].includes(combine);
  requireOption('combine', combine, holds, 'root-mean-square or maximum');
}

/**
 * The most standard deviations that count. A column that never moved in training would otherwise drown all others
 * the first time it does.
 */
export const mostDeviation = 50;

export interface FittedColumns {
  readonly name: string;
  readonly kind: DetectorKind;
  readonly formatVersion: number;
  readonly d: number;
  readonly combine: ColumnCombination;
  readonly threshold: number;
  readonly content: ModelContent;
  /** A tracker at the first row to score, whatever others have seen. */
  start(): ColumnTracker;
}

export function fittedColumns(fitted: FittedColumns): FittedDetector {
  const { name, kind, d, combine, threshold } = fitted;
  const combined = combination(combine);
  return {
    name,
    kind,
    d,
    threshold,
    score(data) {
      checkQueries(data, d);
      return scoreColumns(fitted.start(), data, combine);
    },
    explain(data, row) {
      queryRow(data, row, d);
      const tracker = fitted.start();
      const deviations = new Float64Array(d);
      // What a row of points says does not hang on the rows before it.
      for (let at = kind === 'points' ? row : 0; at <= row; at++) tracker.step(rowOf(data, at), deviations);
      return deviations;
    },
    stream() {
      const tracker = fitted.start();
      const deviations = new Float64Array(d);
      return {
        update(row) {
          checkStreamedRow(row, d);
          tracker.step(row, deviations);
          return combined(deviations);
        },
      };
    },
    toBytes: () =>
      encodeModel(name, fitted.formatVersion, {
        parameters: { ...fitted.content.parameters, columns: d, combine, threshold },
        arrays: fitted.content.arrays,
      }),
  };
}

/** The scores of consecutive rows. */
export function scoreColumns(tracker: ColumnTracker, data: Matrix, combine: ColumnCombination): Float64Array {
  const combined = combination(combine);
  const deviations = new Float64Array(data.d);
  const scores = new Float64Array(data.n);
  for (let row = 0; row < data.n; row++) {
    tracker.step(rowOf(data, row), deviations);
    scores[row] = combined(deviations);
  }
  return scores;
}

function combination(combine: ColumnCombination): (deviations: Float64Array) => number {
  return combine === 'maximum' ? largest : rootMeanSquare;
}

function largest(deviations: Float64Array): number {
  let most = 0;
  for (let column = 0; column < deviations.length; column++) most = Math.max(most, deviations[column]!);
  return most;
}

function rootMeanSquare(deviations: Float64Array): number {
  let squares = 0;
  for (let column = 0; column < deviations.length; column++) squares += deviations[column]! ** 2;
  return Math.sqrt(squares / deviations.length);
}
