import { QuarterdeckError } from '../../contracts';

/** Row numbers to learn from and to judge on, both ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface Splits {
  /**
   * `grouped-time` keeps neighbouring rows of a group together. `stratified-random` does not: neighbouring windows
   * of one event then stand on both sides, which flatters every model, so that its figures serve to compare with
   * published ones alone.
   */
  readonly method: 'grouped-time' | 'stratified-random';
  readonly comparisonOnly: boolean;
  readonly folds: readonly Fold[];
}

/** @throws PARAMETER_INVALID, DATA_TOO_FEW_ROWS */
export function requireFolds(folds: number, rows: number): void {
  if (!Number.isInteger(folds) || folds < 2)
    throw invalidOption('folds', folds, 'a whole number of at least 2');
  if (rows < folds) {
    throw new QuarterdeckError('DATA_TOO_FEW_ROWS', `${rows} rows do not make ${folds} folds`);
  }
}

export function invalidOption(option: string, value: unknown, expected: string): QuarterdeckError {
  return new QuarterdeckError('PARAMETER_INVALID', `${option} is ${String(value)}, expected ${expected}`, {
    culprit: { option },
  });
}
