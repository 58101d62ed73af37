import { setImmediate as turn } from 'node:timers/promises';
import { checkAborted, type RunControl } from '../run';
import type { SharedMemory } from './treeKernel';
import type { TreeLayout } from './treeLayout';
import {
  blockSize,
  nextBlock,
  phaseTask,
  runPhase,
  stopRequested,
  type PhaseInput,
  type TreePhase,
} from './treePhase';

/** Runs passes of the kernel, on the pool's threads when there is one, else here. */
export interface Phases {
  run(phase: TreePhase, total: number, stage?: string): Promise<void>;
}

/** Blocks between two turns of the event loop when working on the calling thread. */
const blocksPerTurn = 8;

export function openPhases(memory: SharedMemory, layout: TreeLayout, control: RunControl): Phases {
  const counters = new Int32Array(memory.buffer, layout.spanning!.control, 2);
  return {
    async run(phase, total, stage) {
      checkAborted(control);
      Atomics.store(counters, nextBlock, 0);
      const input = (thread: number): PhaseInput => ({ memory, layout, phase, total, thread });
      const report = (done: number): void => {
        if (stage) control.onProgress?.({ stage, done: Math.min(done, total), total });
      };
      if (control.threads) await runOnThreads(control, counters, input);
      else await runHere(control, input(0), report);
      checkAborted(control);
      report(total);
    },
  };
}

async function runHere(
  control: RunControl,
  input: PhaseInput,
  report: (done: number) => void,
): Promise<void> {
  for (
    let blocks = blocksPerTurn;
    runPhase(input, blocksPerTurn) === blocksPerTurn;
    blocks += blocksPerTurn
  ) {
    report(blocks * blockSize);
    await turn();
    checkAborted(control);
  }
}

async function runOnThreads(
  control: RunControl,
  counters: Int32Array,
  input: (thread: number) => PhaseInput,
): Promise<void> {
  const pool = control.threads!;
  const tasks = Math.min(pool.size, Math.ceil(input(0).total / blockSize));
  const finished = Promise.all(
    Array.from({ length: tasks }, (_, thread) => pool.run(phaseTask, input(thread))),
  );
  if (!control.signal) {
    await finished;
    return;
  }
  // Threads see the flag at their next block and end by themselves, so the pool keeps them.
  const { signal } = control;
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = () => {
      Atomics.store(counters, stopRequested, 1);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([finished, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
