import type { FeatureGrid } from './featureGrid';
import type { LogColumn } from './logSql';
import type { MetricColumn } from './metricSql';
import type { PairColumns } from './pairSql';

/** Some rows of a statement's answer, each with its place on the grid; NaN stands for null. */
export interface AnswerRows {
  readonly rows: number;
  /** Per row, the place of its instance in the slice. */
  readonly instance: ArrayLike<number>;
  /** Per row, the place of its metric in the set, or of its pair; empty for logs. */
  readonly series: ArrayLike<number>;
  readonly minute: ArrayLike<number>;
  /** The columns after those of the place. */
  readonly column: (index: number) => ArrayLike<number>;
}

/** Puts rows of `metricFeatureSql` in their places. */
export function writeMetricAnswer(
  grid: FeatureGrid,
  columns: readonly MetricColumn[],
  answer: AnswerRows,
): void {
  const present = answer.column(0);
  const cells = columns.map((_, index) => answer.column(1 + index));
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.instance[at]!, answer.minute[at]!);
    if (row < 0) continue;
    if (present[at] === 1) grid.markPresent(row);
    const metric = answer.series[at]!;
    const base = row * grid.width;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!.columnOf[metric]!;
      if (column >= 0) grid.values[base + column] = cells[index]![at]!;
    }
  }
}

/** Puts rows of `pairFeatureSql` in their places. */
export function writePairAnswer(
  grid: FeatureGrid,
  { pairs, windows }: PairColumns,
  answer: AnswerRows,
): void {
  const ratios = answer.column(0);
  const correlations = windows.map((_, index) => answer.column(1 + index));
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.instance[at]!, answer.minute[at]!);
    if (row < 0) continue;
    const { ratioColumn, correlationColumns } = pairs[answer.series[at]!]!;
    const base = row * grid.width;
    if (ratioColumn >= 0) grid.values[base + ratioColumn] = ratios[at]!;
    for (let index = 0; index < correlationColumns.length; index++) {
      const column = correlationColumns[index]!;
      if (column >= 0) grid.values[base + column] = correlations[index]![at]!;
    }
  }
}

/** Puts rows of `logFeatureSql` in their places; `alone` when there are no metrics to make rows. */
export function writeLogAnswer(
  grid: FeatureGrid,
  columns: readonly LogColumn[],
  answer: AnswerRows,
  alone: boolean,
): void {
  const cells = columns.map((_, index) => answer.column(index));
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.instance[at]!, answer.minute[at]!);
    if (alone) grid.markPresent(row);
    columns.forEach(({ column }, index) => {
      grid.values[row * grid.width + column] = cells[index]![at]!;
    });
  }
}
