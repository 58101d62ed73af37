import { compiledKernels } from '../kernels/compiled';
import type { BoostingLayout } from './boostingLayout';

/** What is used of the WebAssembly interface, which TypeScript describes only together with a browser's. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}
declare const WebAssembly: {
  Memory: new (shape: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The exports of kernels/assembly/histogramTrees.ts; arguments are described there. */
export interface BoostingKernel {
  sortNumbers(values: number, scratch: number, count: number, counts: number): void;
  sortWeighted(pairs: number, scratch: number, count: number, counts: number): void;
  codeColumn(values: number, count: number, cuts: number, codes: number): void;
  drawRows(
    from: number,
    to: number,
    margins: number,
    labels: number,
    weights: number,
    seed: number,
    limit: number,
    rows: number,
    pairs: number,
    scratch: number,
    sums: number,
  ): number;
  accumulateFour(
    a: number,
    b: number,
    c: number,
    d: number,
    rows: number,
    pairs: number,
    count: number,
    histograms: number,
  ): void;
  accumulate(codes: number, rows: number, pairs: number, count: number, histogram: number): void;
  clear(histograms: number, count: number): void;
  subtract(histograms: number, taken: number, count: number): void;
  findSplit(
    histogram: number,
    cuts: number,
    node: number,
    parameters: number,
    monotone: number,
    result: number,
  ): void;
  markLeft(rows: number, count: number, codes: number, shift: number, limit: number, marks: number): number;
  moveRows(
    rows: number,
    pairs: number,
    marks: number,
    count: number,
    leftRows: number,
    leftPairs: number,
    rightRows: number,
    rightPairs: number,
  ): void;
  addTree(from: number, to: number, nodes: number, margins: number): void;
}

const pageBytes = 65_536;
let compiled: object | undefined;

/** Shared memory that holds the whole layout, zeroed. */
export function allocateBoosting(layout: BoostingLayout): SharedMemory {
  return allocateKernelMemory(layout.bytes);
}

export function allocateKernelMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function boostingKernel(memory: SharedMemory): BoostingKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(compiledKernels.histogramTrees, 'base64'));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as BoostingKernel;
}
