import { allocateKernelMemory, boostingKernel } from './boostingKernel';

/** Columns in the memory of the kernel that sorts and codes them. */
export interface BinningMemory {
  /** n numbers each. */
  readonly columns: readonly Float32Array[];
  /** The numbers of a column, ascending, NaN left out; good until the next call. */
  sortedNumbers(column: Float32Array): Float32Array;
  /** Codes of `columns[index]` by fewer than 256 ascending cuts; good until the next call. */
  codesOf(index: number, cuts: Float32Array): Uint8Array;
}

const sortCountBytes = 3 * 2048 * 4;
/** Room for the cuts of a column, filled up with infinity. */
const cutRoom = 256;
/** Memory below is the kernel's own. */
const memoryStart = 4096;

export function binningMemory(n: number, columnCount: number): BinningMemory {
  let end = memoryStart;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const columnsAt = Array.from({ length: columnCount }, () => take(4 * n));
  const sortingAt = take(4 * n);
  const spareAt = take(4 * n);
  const countsAt = take(sortCountBytes);
  const cutsAt = take(4 * cutRoom);
  const codesAt = take(n);
  const memory = allocateKernelMemory(end);
  const kernel = boostingKernel(memory);
  const { buffer } = memory;
  const sorting = new Float32Array(buffer, sortingAt, n);
  const allCuts = new Float32Array(buffer, cutsAt, cutRoom);
  return {
    columns: columnsAt.map((at) => new Float32Array(buffer, at, n)),
    sortedNumbers(column) {
      let known = 0;
      for (const value of column) if (!Number.isNaN(value)) sorting[known++] = value;
      kernel.sortNumbers(sortingAt, spareAt, known, countsAt);
      return sorting.subarray(0, known);
    },
    codesOf(index, cuts) {
      allCuts.fill(Infinity);
      allCuts.set(cuts);
      kernel.codeColumn(columnsAt[index]!, n, cutsAt, codesAt);
      return new Uint8Array(buffer, codesAt, n);
    },
  };
}
