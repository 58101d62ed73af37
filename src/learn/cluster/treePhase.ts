import type { Task } from '../threads';
import { treeKernel, type SharedMemory, type TreeKernel } from './treeKernel';
import type { TreeLayout } from './treeLayout';

/** One pass of the kernel over points or over the work list, in blocks that any thread may take. */
export type TreePhase = 'cores' | 'renew' | 'search';

export interface PhaseInput {
  readonly memory: SharedMemory;
  readonly layout: TreeLayout;
  readonly phase: TreePhase;
  readonly total: number;
  readonly thread: number;
}

/**
 * Points in a block. Fixed, because what a search learns holds until its block ends: with blocks of another
 * size, equal edges might be chosen differently.
 */
export const blockSize = 256;

export const nextBlock = 0;
export const stopRequested = 1;

interface Bound {
  readonly thread: number;
  readonly kernel: TreeKernel;
}
const kernels = new WeakMap<SharedMemory, Bound>();

function kernelFor({ memory, layout, thread }: PhaseInput): TreeKernel {
  const known = kernels.get(memory);
  if (known?.thread === thread) return known.kernel;
  const kernel = treeKernel(memory, layout, thread);
  kernels.set(memory, { thread, kernel });
  return kernel;
}

/** Takes blocks until none is left, or until a stop is requested, or `limit` blocks are done. */
export function runPhase(input: PhaseInput, limit = Infinity): number {
  const { memory, layout, phase, total } = input;
  const control = new Int32Array(memory.buffer, layout.spanning!.control, 2);
  const kernel = kernelFor(input);
  const blocks = Math.ceil(total / blockSize);
  if (phase === 'search') kernel.beginRound();
  let done = 0;
  while (done < limit && Atomics.load(control, stopRequested) === 0) {
    const block = Atomics.add(control, nextBlock, 1);
    if (block >= blocks) break;
    const from = block * blockSize;
    const to = Math.min(total, from + blockSize);
    if (phase === 'cores') kernel.measureCores(from, to);
    else if (phase === 'renew') kernel.renewCandidates(from, to);
    else kernel.searchComponents(from, to);
    done++;
  }
  return done;
}

export const phaseTask: Task<PhaseInput, number> = { module: __filename, name: 'runPhase', call: runPhase };
