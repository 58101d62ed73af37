import { instantiateKernel } from '../kernels';
import type { Matrix } from '../matrix';
import { breathe, type RunControl } from '../run';

/** Functions of assembly/gram.ts. */
interface GramFunctions {
  addProducts(block: number, rows: number, width: number, products: number): void;
}

/** Rows whose block stays in the cache. */
const blockRows = 64;
/** The kernel's tiles are four columns wide. */
const tileColumns = 4;
/** Products between two looks at the signal; some ten milliseconds. */
const productsPerBreath = 50_000_000;

/** Mean of every column. */
export function columnMeans({ values, n, d }: Matrix): Float64Array {
  const means = new Float64Array(d);
  for (let row = 0, at = 0; row < n; row++) {
    for (let column = 0; column < d; column++, at++) means[column]! += values[at]!;
  }
  return means.map((sum) => sum / n);
}

/**
 * Inner products of the centred data in double precision: XᵀX (`d × d`), or XXᵀ (`n × n`) where there are more
 * columns than rows and that is the smaller one.
 */
export async function centredProducts(
  { values, n, d }: Matrix,
  mean: Float64Array,
  control?: RunControl,
): Promise<Float64Array> {
  const byColumn = d <= n;
  const side = byColumn ? d : n;
  const summed = byColumn ? n : d;
  const width = Math.ceil(side / tileColumns) * tileColumns;
  const { functions, memory } = instantiateKernel<GramFunctions>('gram');
  const productsAt = memory.allocate(width * width * 8);
  const blockAt = memory.allocate(blockRows * width * 8);
  let unwatched = 0;
  for (let first = 0; first < summed; first += blockRows) {
    const rows = Math.min(blockRows, summed - first);
    const block = memory.float64(blockAt, rows * width);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < side; i++) {
        const column = byColumn ? i : first + row;
        const at = byColumn ? (first + row) * d + i : i * d + column;
        block[row * width + i] = values[at]! - mean[column]!;
      }
    }
    functions.addProducts(blockAt, rows, width, productsAt);
    unwatched += rows * width * width;
    if (unwatched > productsPerBreath) {
      unwatched = 0;
      await breathe(control);
    }
  }
  const lower = memory.float64(productsAt, width * width);
  const products = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) {
      products[i * side + j] = lower[i * width + j]!;
      products[j * side + i] = lower[i * width + j]!;
    }
  }
  return products;
}
