import type { Random } from '../../../contracts';
import type { Matrix } from '../../matrix';
import { missingCode, writeCodes } from '../bins';
import { quantileBins } from '../bins';
import { quantileCuts } from '../quantileCuts';
import {
  categorize,
  categorySources,
  frequencies,
  orderedStatistic,
  priors,
  type RowCategories,
} from './categories';
import type { Encoding } from './encoding';
import type { SymmetricBoostingOptions } from './options';

/** What training looks at: codes of every encoded column, where 0 is a missing value. */
export interface EncodedTraining {
  readonly encoding: Encoding;
  readonly cuts: readonly Float32Array[];
  readonly numeric: readonly Uint8Array[];
  /** By order of the rows. */
  readonly ordered: readonly (readonly Uint8Array[])[];
  /** Whether each encoded column has missing values. */
  readonly hasMissing: readonly boolean[];
  /** The first is that of the rows; statistics of the final model are still taken in a random one. */
  readonly permutations: readonly Uint32Array[];
}

/** @throws as `quantileBins` and `categorize`. */
export function encodeTraining(
  data: Matrix,
  labels: Uint8Array,
  options: SymmetricBoostingOptions,
  random: Random,
): EncodedTraining {
  const { n, d } = data;
  const categorical = new Set(options.categoricalColumns);
  const numeric = Array.from({ length: d }, (_, column) => column).filter(
    (column) => !categorical.has(column),
  );
  const sources = categorySources(options.categoricalColumns, options.categoryCombinations);
  const rows = sources.map((columns) => categorize(data, labels, columns));
  const usesOrder = options.boosting === 'ordered' || sources.length > 0;
  const orders = Array.from({ length: usesOrder ? options.permutations + 1 : 1 }, (_, order) =>
    shuffledRows(n, random.fork(`order ${order}`)),
  );
  const bins = numeric.length > 0 ? binned(data, numeric, options.borderCount) : { cuts: [], codes: [] };
  const statistics = statisticColumns(rows, labels, orders, options.borderCount);
  return {
    encoding: { d, n, numeric, tables: rows.map(({ table }) => table) },
    cuts: [...bins.cuts, ...statistics.cuts],
    numeric: bins.codes,
    ordered: statistics.codes,
    hasMissing: [...bins.codes.map((codes) => codes.includes(0)), ...statistics.cuts.map(() => false)],
    permutations: orders.map((order, index) => (index === 0 ? Uint32Array.from(order).sort() : order)),
  };
}

function binned(
  data: Matrix,
  columns: readonly number[],
  borderCount: number,
): { cuts: readonly Float32Array[]; codes: Uint8Array[] } {
  const { n, d } = data;
  const values = columns.length === d ? data.values : new Float32Array(n * columns.length);
  if (columns.length < d) {
    for (let row = 0; row < n; row++) {
      columns.forEach((column, index) => {
        values[row * columns.length + index] = data.values[row * d + column]!;
      });
    }
  }
  // Intervals are one more than borders, and a missing value has a code besides.
  const { cuts, codes } = quantileBins({ values, n, d: columns.length }, { maxBins: borderCount + 2 });
  return { cuts, codes: columns.map((_, index) => missingFirst(codes.subarray(index * n, (index + 1) * n))) };
}

/** Codes one higher, and that of missing values the lowest. */
function missingFirst(codes: Uint8Array): Uint8Array {
  for (let row = 0; row < codes.length; row++) codes[row] = codes[row] === missingCode ? 0 : codes[row]! + 1;
  return codes;
}

/** Cuts come from the final order's statistics, so that a code means the same in every order. */
function statisticColumns(
  rows: readonly RowCategories[],
  labels: Uint8Array,
  orders: readonly Uint32Array[],
  borderCount: number,
): { cuts: Float32Array[]; codes: Uint8Array[][] } {
  const cuts: Float32Array[] = [];
  const codes: Uint8Array[][] = orders.map(() => []);
  const add = (valuesOf: (order: Uint32Array) => Float32Array): void => {
    const final = valuesOf(orders[0]!);
    const columnCuts = quantileCuts(final, borderCount + 1);
    cuts.push(columnCuts);
    orders.forEach((order, index) => {
      const column = new Uint8Array(final.length);
      writeCodes(index === 0 ? final : valuesOf(order), columnCuts, column);
      codes[index]!.push(missingFirst(column));
    });
  };
  for (const row of rows) {
    for (const prior of priors) add((order) => orderedStatistic(row, labels, order, prior));
    const share = frequencies(row);
    add(() => share);
  }
  return { cuts, codes };
}

function shuffledRows(n: number, random: Random): Uint32Array {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  for (let last = n - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const held = rows[last]!;
    rows[last] = rows[other]!;
    rows[other] = held;
  }
  return rows;
}
