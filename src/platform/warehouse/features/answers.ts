import type { FeatureGrid } from './featureGrid';
import type { LogColumn } from './logSql';
import type { MetricColumn } from './metricSql';
import type { PairColumns } from './pairSql';

/** Some rows of a statement's answer: its cells by column and row, NaN for null. */
export interface AnswerRows {
  readonly rows: number;
  number(column: number, row: number): number;
}

/** Puts rows of `metricFeatureSql` in their places. */
export function writeMetricAnswer(
  grid: FeatureGrid,
  columns: readonly MetricColumn[],
  answer: AnswerRows,
): void {
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.number(0, at), answer.number(2, at));
    if (row < 0) continue;
    if (answer.number(3, at) === 1) grid.markPresent(row);
    const metric = answer.number(1, at);
    const base = row * grid.width;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!.columnOf[metric]!;
      if (column >= 0) grid.values[base + column] = answer.number(4 + index, at);
    }
  }
}

/** Puts rows of `pairFeatureSql` in their places. */
export function writePairAnswer(grid: FeatureGrid, { pairs }: PairColumns, answer: AnswerRows): void {
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.number(0, at), answer.number(2, at));
    if (row < 0) continue;
    const { ratioColumn, correlationColumns } = pairs[answer.number(1, at)]!;
    const base = row * grid.width;
    if (ratioColumn >= 0) grid.values[base + ratioColumn] = answer.number(3, at);
    for (let index = 0; index < correlationColumns.length; index++) {
      const column = correlationColumns[index]!;
      if (column >= 0) grid.values[base + column] = answer.number(4 + index, at);
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
  for (let at = 0; at < answer.rows; at++) {
    const row = grid.rowOf(answer.number(0, at), answer.number(1, at));
    if (alone) grid.markPresent(row);
    columns.forEach(({ column }, index) => {
      grid.values[row * grid.width + column] = answer.number(2 + index, at);
    });
  }
}
