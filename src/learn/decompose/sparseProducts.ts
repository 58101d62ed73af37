import { instantiateKernel, type KernelMemory } from '../kernels';
import { breathe, type RunControl } from '../run';
import { inverseCholeskyFactor } from './cholesky';
import type { SparseMatrix } from './sparse';

interface SparseKernel {
  projectRows: RowKernel;
  scatterRows: RowKernel;
  addMoments(dense: number, rows: number, width: number, products: number): void;
  multiplyRight(dense: number, rows: number, width: number, square: number, row: number): void;
}
type RowKernel = (
  indptr: number,
  indices: number,
  values: number,
  rows: number,
  first: number,
  width: number,
  second: number,
) => void;

/** Columns that the kernels take at once. */
const lane = 16;
/** Rows whose entries and projections lie in the cache together. */
const blockRows = 256;
/** Blocks between two looks at the abort signal. */
const blocksPerBreath = 8;

/** `width` rounded up to what the kernels need; the columns added are zero and stay zero. */
export function paddedWidth(width: number): number {
  return Math.ceil(width / lane) * lane;
}

/**
 * A sparse matrix and a tall dense one (columns × width) beside it in a kernel's memory, with the few products
 * that subspace iteration is made of.
 */
export class SparseProducts {
  private readonly kernel = instantiateKernel<SparseKernel>('sparseProducts');
  private readonly memory: KernelMemory = this.kernel.memory;
  private readonly indptrAt: number;
  private readonly indicesAt: number;
  private readonly valuesAt: number;
  private readonly projectedAt: number;
  private readonly squareAt: number;
  private readonly rowAt: number;
  private denseAt: number;
  private otherAt: number;

  /** @param width padded */
  constructor(
    private readonly sparse: SparseMatrix,
    private readonly width: number,
  ) {
    let entries = 0;
    for (let from = 0; from < sparse.rows; from += blockRows) {
      const to = Math.min(sparse.rows, from + blockRows);
      entries = Math.max(entries, sparse.indptr[to]! - sparse.indptr[from]!);
    }
    const floats = (count: number): number => this.memory.allocate(count * Float32Array.BYTES_PER_ELEMENT);
    this.indptrAt = floats(blockRows + 1);
    this.indicesAt = floats(entries);
    this.valuesAt = floats(entries);
    this.projectedAt = floats(blockRows * width);
    this.squareAt = floats(width * width);
    this.rowAt = floats(width);
    this.denseAt = floats(sparse.columns * width);
    this.otherAt = floats(sparse.columns * width);
  }

  /** The dense matrix, columns × width; valid until the next product. */
  get dense(): Float32Array {
    return this.memory.float32(this.denseAt, this.sparse.columns * this.width);
  }

  /** dense ← XᵀX · dense */
  async applyGram(control: RunControl | undefined): Promise<void> {
    this.memory.float32(this.otherAt, this.sparse.columns * this.width).fill(0);
    const { projectRows, scatterRows } = this.kernel.functions;
    await this.forBlocks(control, (rows) => {
      const { indptrAt, indicesAt, valuesAt, projectedAt, width } = this;
      projectRows(indptrAt, indicesAt, valuesAt, rows, this.denseAt, width, projectedAt);
      scatterRows(indptrAt, indicesAt, valuesAt, rows, projectedAt, width, this.otherAt);
    });
    [this.denseAt, this.otherAt] = [this.otherAt, this.denseAt];
  }

  /** (X · dense)ᵀ (X · dense), width × width. */
  async projectedMoments(control: RunControl | undefined): Promise<Float64Array> {
    const products = new Float64Array(this.width * this.width);
    await this.forBlocks(control, (rows) => {
      const { indptrAt, indicesAt, valuesAt, projectedAt, width } = this;
      this.kernel.functions.projectRows(
        indptrAt,
        indicesAt,
        valuesAt,
        rows,
        this.denseAt,
        width,
        projectedAt,
      );
      this.addMoments(projectedAt, rows, products);
    });
    return mirrored(products, this.width);
  }

  /** dense ← dense · square, in place. @param square width × width */
  multiplyRight(square: Float64Array): void {
    this.memory.float32(this.squareAt, square.length).set(square);
    const { denseAt, squareAt, rowAt, width } = this;
    this.kernel.functions.multiplyRight(denseAt, this.sparse.columns, width, squareAt, rowAt);
  }

  /**
   * Makes the columns of `dense` orthonormal by Cholesky QR done twice (Yamamoto et al., 2015): the span of
   * Gram–Schmidt with every pass along rows. Columns that depend on earlier ones become zero.
   */
  orthonormalize(): void {
    for (let pass = 0; pass < 2; pass++) {
      const products = new Float64Array(this.width * this.width);
      for (let from = 0; from < this.sparse.columns; from += blockRows) {
        const rows = Math.min(blockRows, this.sparse.columns - from);
        this.addMoments(this.denseAt + from * this.width * Float32Array.BYTES_PER_ELEMENT, rows, products);
      }
      this.multiplyRight(inverseCholeskyFactor(products, this.width));
    }
  }

  /** Sums of a block in float32, sums of blocks in float64. */
  private addMoments(denseAt: number, rows: number, products: Float64Array): void {
    const block = this.memory.float32(this.squareAt, this.width * this.width);
    block.fill(0);
    this.kernel.functions.addMoments(denseAt, rows, this.width, this.squareAt);
    for (let index = 0; index < products.length; index++) products[index]! += block[index]!;
  }

  private async forBlocks(control: RunControl | undefined, work: (rows: number) => void): Promise<void> {
    const { indptr, indices, values, rows } = this.sparse;
    for (let from = 0, block = 0; from < rows; from += blockRows, block++) {
      if (block % blocksPerBreath === 0) await breathe(control);
      const to = Math.min(rows, from + blockRows);
      const first = indptr[from]!;
      const last = indptr[to]!;
      this.memory
        .int32(this.indptrAt, to - from + 1)
        .set(indptr.subarray(from, to + 1).map((at) => at - first));
      this.memory.int32(this.indicesAt, last - first).set(indices.subarray(first, last));
      this.memory.float32(this.valuesAt, last - first).set(values.subarray(first, last));
      work(to - from);
    }
  }
}

function mirrored(products: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) products[j * width + i] = products[i * width + j]!;
  }
  return products;
}
