import { instantiateKernel, type KernelMemory } from '../kernels';
import type { GradientTables } from './gradientTables';

/** Functions of assembly/layout.ts. */
interface LayoutFunctions {
  epoch(
    headEmbedding: number,
    reference: number,
    referenceCount: number,
    dimensions: number,
    heads: number,
    tails: number,
    first: number,
    last: number,
    epochsPerSample: number,
    epochOfNextSample: number,
    epochOfNextNegative: number,
    negativeSampleRate: number,
    attraction: number,
    repulsion: number,
    firstKnot: number,
    lastKnot: number,
    random: number,
    moveTail: number,
    alpha: number,
    now: number,
  ): void;
  placePoint(
    position: number,
    reference: number,
    referenceCount: number,
    dimensions: number,
    heads: number,
    tails: number,
    edges: number,
    epochsPerSample: number,
    epochOfNextSample: number,
    epochOfNextNegative: number,
    negativeSampleRate: number,
    attraction: number,
    repulsion: number,
    firstKnot: number,
    lastKnot: number,
    random: number,
    learningRate: number,
    epochs: number,
  ): void;
}

/** Offsets of what every descent needs in the kernel's memory. */
export interface LayoutKernel {
  readonly functions: LayoutFunctions;
  readonly memory: KernelMemory;
  readonly attraction: number;
  readonly repulsion: number;
  /** Four words of random state. */
  readonly random: number;
}

export function layoutKernel(tables: GradientTables): LayoutKernel {
  const { functions, memory } = instantiateKernel<LayoutFunctions>('layout');
  const bytes = tables.attraction.byteLength;
  const attraction = memory.allocate(bytes);
  const repulsion = memory.allocate(bytes);
  const random = memory.allocate(16);
  memory.float32(attraction, tables.attraction.length).set(tables.attraction);
  memory.float32(repulsion, tables.repulsion.length).set(tables.repulsion);
  return { functions, memory, attraction, repulsion, random };
}
