import { Piscina } from 'piscina';
import {
  isQuarterdeckError,
  QuarterdeckError,
  stoppedError,
  type Culprit,
  type ErrorCode,
} from '../contracts';

/**
 * Worker threads for numeric work. A task is a named export of a compiled module; it takes one structured-clone
 * argument (SharedArrayBuffers travel without a copy) and may return a value or a promise.
 */
export interface ThreadPool {
  readonly size: number;
  run<Input, Output>(task: Task<Input, Output>, input: Input, signal?: AbortSignal): Promise<Output>;
  close(): Promise<void>;
}

export interface Task<Input, Output> {
  /** Absolute path of the module, usually `__filename` of the file that exports the function. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  /** The function itself, for its types. */
  readonly call: (input: Input) => Output | Promise<Output>;
}

export function createThreadPool(size: number): ThreadPool {
  let pool: Piscina | undefined;
  const started = (): Piscina =>
    (pool ??= new Piscina({ minThreads: 0, maxThreads: size, idleTimeout: 10_000, filename: __filename }));
  return {
    size,
    async run<Input, Output>(task: Task<Input, Output>, input: Input, signal?: AbortSignal): Promise<Output> {
      let outcome: Outcome<Output>;
      try {
        const call: Call = { module: task.module, name: task.name, input };
        outcome = (await started().run(call, {
          name: 'runTask',
          ...(signal && { signal }),
        })) as Outcome<Output>;
      } catch (error) {
        if (signal?.aborted) throw stoppedError(signal);
        throw error;
      }
      if ('failure' in outcome) {
        const { code, message, culprit } = outcome.failure;
        throw new QuarterdeckError(code, message, { culprit });
      }
      return outcome.value;
    },
    async close() {
      await pool?.destroy();
      pool = undefined;
    },
  };
}

interface Call {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

/** A coded error travels as a value: cloning an error between threads keeps nothing but its message. */
type Outcome<Output> =
  | { readonly value: Output }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly culprit: Culprit } };

/** Runs on the worker thread; not for calling. */
export async function runTask({ module, name, input }: Call): Promise<Outcome<unknown>> {
  const tasks = (await import(module)) as Record<string, (input: unknown) => unknown>;
  try {
    return { value: await tasks[name]!(input) };
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    return { failure: { code: error.code, message: error.message, culprit: error.culprit } };
  }
}
