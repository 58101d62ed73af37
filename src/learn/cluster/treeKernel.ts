import { compiledKernels } from '../kernels/compiled';
import { pagesFor, type TreeLayout } from './treeLayout';

/** What is used of the WebAssembly interface, which TypeScript describes only together with a browser's. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}
declare const WebAssembly: {
  Memory: new (shape: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The exports of kernels/assembly/spatialTree.ts that are called from here. */
export interface TreeKernel {
  searchNearest(k: number): void;
  countWithin(position: number, squaredDistance: number, enough: number): number;
  claimWithin(position: number, squaredDistance: number): number;
  measureCores(from: number, to: number): void;
  renewCandidates(from: number, to: number): void;
  beginRound(): void;
  searchComponents(from: number, to: number): void;
}

interface TreeExports extends TreeKernel {
  configureTree(...layout: number[]): void;
  configureClaims(remaining: number): void;
  configureSpanningTree(...layout: number[]): void;
}

let compiled: object | undefined;

/** Shared memory that holds the whole layout. */
export function allocateTree(layout: TreeLayout): SharedMemory {
  const pages = pagesFor(layout);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** A kernel over `memory`, working in the scratch area `thread`. */
export function treeKernel(memory: SharedMemory, layout: TreeLayout, thread: number): TreeKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(compiledKernels.spatialTree, 'base64'));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernel = instance.exports as TreeExports;
  const { n, d, leaves, points, boxes, spanning } = layout;
  const scratch = layout.scratch[thread]!;
  kernel.configureTree(
    n,
    d,
    leaves,
    points,
    boxes,
    scratch.query,
    scratch.stack,
    scratch.nearestDistances,
    scratch.nearestPositions,
  );
  kernel.configureClaims(layout.remaining);
  if (spanning) {
    kernel.configureSpanningTree(
      spanning.neighborCount,
      spanning.neighbors,
      spanning.coreDistances,
      spanning.predictionCoreDistances,
      spanning.components,
      spanning.nodeComponents,
      spanning.nodeCores,
      spanning.candidates,
      spanning.candidateReach,
      spanning.candidateDistance,
      spanning.boundReach,
      spanning.boundDistance,
      spanning.bestReach,
      spanning.bestDistance,
      spanning.work,
      scratch.ownReach,
      scratch.ownDistance,
      scratch.touched,
    );
  }
  return kernel;
}
