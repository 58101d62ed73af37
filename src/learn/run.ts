import { stoppedError } from '../contracts';
import type { ThreadPool } from './threads';

/** How long work is watched, stopped and spread: the last argument of every `fit`. */
export interface RunControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Without a pool, everything runs on the calling thread; the result is the same. */
  readonly threads?: ThreadPool;
}

export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** Throws what the signal stands for when it asks to stop: ABORTED, DEADLINE_EXCEEDED, or its own coded reason. */
export function checkAborted(control: RunControl | undefined): void {
  if (control?.signal?.aborted) throw stoppedError(control.signal);
}

/** Lets timers, signals and other work have their turn within a long loop, then throws as `checkAborted` if it is time to stop. */
export async function breathe(control: RunControl | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  checkAborted(control);
}
