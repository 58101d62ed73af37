import { QuarterdeckError } from '../contracts';
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

/** Throws ABORTED when the caller asked to stop. */
export function checkAborted(control: RunControl | undefined): void {
  if (control?.signal?.aborted) {
    throw new QuarterdeckError('ABORTED', 'the work was stopped', { cause: control.signal.reason });
  }
}

/** Lets timers, signals and other work have their turn within a long loop, then throws ABORTED if it is time to stop. */
export async function breathe(control: RunControl | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  checkAborted(control);
}
