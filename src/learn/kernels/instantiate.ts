import { compiledKernels } from './compiled';

/**
 * Loads the WebAssembly kernels of assembly/. Every instance owns its memory: callers copy blocks of data in and
 * results out, which costs little beside the work and lets a kernel serve data of any size.
 */

/** What is used of the WebAssembly interface, which TypeScript describes only together with a browser's. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export type KernelName = keyof typeof compiledKernels;

/** Functions that every kernel exports. */
interface KernelExports {
  readonly memory: WebAssemblyMemory;
  /** First byte after the kernel's own constants. */
  heapBase(): number;
}

export interface Kernel<Functions> {
  /** Not called exports: a local of that name would hide the one of a CommonJS module. */
  readonly functions: Functions;
  readonly memory: KernelMemory;
}

const modules = new Map<KernelName, object>();

/** A fresh instance of a kernel with a memory of its own; compiled once per thread. */
export function instantiateKernel<Functions>(name: KernelName): Kernel<Functions> {
  let module = modules.get(name);
  if (!module) {
    module = new WebAssembly.Module(Buffer.from(compiledKernels[name], 'base64'));
    modules.set(name, module);
  }
  const instance = new WebAssembly.Instance(module, {});
  const functions = instance.exports as Functions & KernelExports;
  return { functions, memory: new KernelMemory(functions.memory, functions.heapBase()) };
}

const pageBytes = 65_536;
/** Widest vector load of the kernels. */
const alignment = 16;

/** Hands out parts of a kernel's memory, one after the other. Nothing is freed but by dropping the instance. */
export class KernelMemory {
  private end: number;

  constructor(
    private readonly memory: WebAssemblyMemory,
    heapBase: number,
  ) {
    this.end = Math.ceil(heapBase / alignment) * alignment;
  }

  /** Byte offset of `bytes` zeroed bytes. Views taken before are detached when the memory has to grow. */
  allocate(bytes: number): number {
    const start = this.end;
    this.end += Math.ceil(bytes / alignment) * alignment;
    const missing = this.end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes));
    return start;
  }

  float32(offset: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }

  float64(offset: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, offset, length);
  }

  int32(offset: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, offset, length);
  }

  uint32(offset: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, offset, length);
  }
}
