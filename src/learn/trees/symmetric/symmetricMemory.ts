import { compiledKernels } from '../../kernels/compiled';

/** What is used of the WebAssembly interface, which TypeScript describes only together with a browser's. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}
declare const WebAssembly: {
  Memory: new (shape: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The exports of kernels/assembly/symmetricTrees.ts; what each does is described there. */
export interface SymmetricKernel {
  fillHistogram(
    codes: number,
    order: number,
    pairs: number,
    from: number,
    to: number,
    histogram: number,
  ): void;
  deriveSibling(first: number, second: number, secondIsSecondChild: boolean): void;
  scoreCuts(
    body: number,
    tail: number,
    cuts: number,
    regularization: number,
    leastWeight: number,
    numerators: number,
    denominators: number,
  ): void;
  partition(
    codes: number,
    order: number,
    pairs: number,
    from: number,
    to: number,
    cut: number,
    spareOrder: number,
    sparePairs: number,
  ): number;
  setLeafBits(codes: number, cut: number, level: number, n: number, leaves: number): void;
  differentiate(
    n: number,
    margins: number,
    labels: number,
    weights: number,
    first: number,
    second: number,
  ): void;
  addSteps(n: number, leaves: number, steps: number, margins: number): void;
  sumLeaves(n: number, leaves: number, first: number, second: number, sums: number): void;
  loadSegment(
    permutation: number,
    from: number,
    to: number,
    first: number,
    weights: number,
    seed: number,
    table: number,
    order: number,
    pairs: number,
  ): void;
}

const pageBytes = 65_536;
/** The kernel keeps no data of its own; its first page stays free, as address 0 stands for nothing. */
const firstByte = pageBytes;
/** Widest vector load of the kernel; arrays that it reads by vectors are padded to it. */
const alignment = 16;

export function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** Adds up sizes before the memory is made: hands out offsets. */
export class MemoryPlan {
  private end = firstByte;

  take(bytes: number): number {
    const start = this.end;
    this.end += padded(bytes);
    return start;
  }

  allocate(): SharedMemory {
    const pages = Math.ceil(this.end / pageBytes);
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  }
}

let compiled: object | undefined;

export function symmetricKernel(memory: SharedMemory): SymmetricKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(compiledKernels.symmetricTrees, 'base64'));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as SymmetricKernel;
}
