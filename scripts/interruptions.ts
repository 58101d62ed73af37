import { exitCodes } from './exitCodes';

/**
 * One Ctrl-C may arrive twice, from the terminal and from a parent that passes it on; only a signal later than
 * this is a second wish.
 */
const sameWishMs = 1_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruptions {
  /** Aborted by the first signal, for a clean end. */
  readonly signal: AbortSignal;
  /** Gives the signals their ordinary effect again. */
  release(): void;
}

/** Listens for the signals that end a process: the first asks for a clean end, a second one forces it. */
export function interruptions(): Interruptions {
  const controller = new AbortController();
  let firstAt = 0;
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort(new Error('interrupted'));
    } else if (performance.now() - firstAt > sameWishMs) process.exit(exitCodes.interrupted);
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.removeListener(name, interrupt);
    },
  };
}
