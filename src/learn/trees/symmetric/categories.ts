import { QuarterdeckError } from '../../../contracts';
import type { Matrix } from '../../matrix';

/**
 * Statistics of the target by category, which take the place of categorical columns (Prokhorenkova et al. 2018,
 * section 3). A row is described by rows before it in a random order alone, so that its own label does not leak
 * into its features; new rows are described by all training rows.
 */
export interface CategoryTable {
  /** Columns whose joint value is the category. */
  readonly columns: readonly number[];
  /** Values of each of those columns, by category; null for a missing one. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Training rows, and positive ones, by category. */
  readonly counts: readonly number[];
  readonly positives: readonly number[];
}

/** What the count of positives starts with, over one row: no, even and full belief (CatBoost's defaults). */
export const priors: readonly number[] = [0, 0.5, 1];
/** Columns that a table gives: a statistic for every prior, and the share of the training rows. */
export const columnsOfTable = priors.length + 1;

/** Categories of the training rows: a number each, in order of first appearance. */
export interface RowCategories {
  readonly table: CategoryTable;
  readonly categories: Int32Array;
}

/** The sets of columns that are taken as categories: each alone, then, where wanted, every pair. */
export function categorySources(columns: readonly number[], combinations: number): number[][] {
  const alone = columns.map((column) => [column]);
  if (combinations < 2) return alone;
  const pairs = columns.flatMap((first, index) => columns.slice(index + 1).map((second) => [first, second]));
  return [...alone, ...pairs];
}

/** @throws PARAMETER_INVALID naming row and column of a value that is no whole number. */
export function categorize(data: Matrix, labels: Uint8Array, columns: readonly number[]): RowCategories {
  const numbers = new Map<string, number>();
  const values: (number | null)[][] = columns.map(() => []);
  const counts: number[] = [];
  const positives: number[] = [];
  const categories = new Int32Array(data.n);
  for (let row = 0; row < data.n; row++) {
    const key = keyOf(data, row, columns);
    let category = numbers.get(key);
    if (category === undefined) {
      category = counts.length;
      numbers.set(key, category);
      columns.forEach((column, index) => {
        const value = data.values[row * data.d + column]!;
        values[index]!.push(Number.isNaN(value) ? null : value);
      });
      counts.push(0);
      positives.push(0);
    }
    categories[row] = category;
    counts[category]!++;
    positives[category]! += labels[row]!;
  }
  return { table: { columns, values, counts, positives }, categories };
}

/** Statistics of n rows for one prior, each from the rows before it in `order`. */
export function orderedStatistic(
  { table, categories }: RowCategories,
  labels: Uint8Array,
  order: Uint32Array,
  prior: number,
): Float32Array {
  const counts = new Float64Array(table.counts.length);
  const positives = new Float64Array(table.counts.length);
  const statistic = new Float32Array(order.length);
  for (const row of order) {
    const category = categories[row]!;
    statistic[row] = (positives[category]! + prior) / (counts[category]! + 1);
    counts[category]!++;
    positives[category]! += labels[row]!;
  }
  return statistic;
}

/** Share of the training rows in the category of every row. */
export function frequencies({ table, categories }: RowCategories): Float32Array {
  return Float32Array.from(categories, (category) => table.counts[category]! / categories.length);
}

/** What a table says of a category to new rows, prior by prior, then its share; undefined for one never seen. */
export function describeCategory(table: CategoryTable, category: number | undefined, n: number): number[] {
  const count = category === undefined ? 0 : table.counts[category]!;
  const positives = category === undefined ? 0 : table.positives[category]!;
  return [...priors.map((prior) => (positives + prior) / (count + 1)), count / n];
}

/** Finds the category of rows. @throws as `categorize` */
export function categoryFinder(table: CategoryTable): (data: Matrix, row: number) => number | undefined {
  const numbers = new Map<string, number>();
  for (let category = 0; category < table.counts.length; category++) {
    const key = table.values.map((values) => values[category] ?? missingKey).join();
    numbers.set(key, category);
  }
  return (data, row) => numbers.get(keyOf(data, row, table.columns));
}

const missingKey = '';

function keyOf({ values, d }: Matrix, row: number, columns: readonly number[]): string {
  let key = '';
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]!;
    const value = values[row * d + column]!;
    if (index > 0) key += ',';
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) {
      throw new QuarterdeckError(
        'PARAMETER_INVALID',
        `row ${row}, column ${column} is ${value}, no code of a category`,
        { culprit: { option: 'categoricalColumns', row, column } },
      );
    }
    key += value + 0;
  }
  return key;
}
