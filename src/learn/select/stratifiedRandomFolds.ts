import { QuarterdeckError, type Random } from '../../contracts';
import { requireFolds, type Splits } from './folds';

/**
 * Folds with the same share of each label, drawn at random whatever the rows' times: for rows that are independent,
 * and to compare with figures that others published. For windows over time use `groupedTimeFolds`.
 * @throws DATA_TOO_FEW_ROWS, PARAMETER_INVALID, LABELS_INVALID naming the row.
 */
export function stratifiedRandomFolds(labels: ArrayLike<number>, folds: number, random: Random): Splits {
  requireFolds(folds, labels.length);
  const foldOf = new Int32Array(labels.length);
  const classes: [number[], number[]] = [[], []];
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (label !== 0 && label !== 1) {
      throw new QuarterdeckError('LABELS_INVALID', `the label of row ${row} is ${label}, neither 0 nor 1`, {
        culprit: { row },
      });
    }
    classes[label].push(row);
  }
  let dealt = 0;
  for (const rows of classes) {
    for (let last = rows.length - 1; last > 0; last--) {
      const other = random.integer(last + 1);
      [rows[last], rows[other]] = [rows[other]!, rows[last]!];
    }
    for (const row of rows) foldOf[row] = dealt++ % folds;
  }
  const rowsWhere = (holds: (fold: number) => boolean): Int32Array => {
    const rows: number[] = [];
    foldOf.forEach((fold, row) => {
      if (holds(fold)) rows.push(row);
    });
    return Int32Array.from(rows);
  };
  return {
    method: 'stratified-random',
    comparisonOnly: true,
    folds: Array.from({ length: folds }, (_, fold) => ({
      train: rowsWhere((other) => other !== fold),
      test: rowsWhere((other) => other === fold),
    })),
  };
}
