import { Piscina } from 'piscina';
import { QuarterdeckError } from '../contracts';

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
    async run(task, input, signal) {
      try {
        return (await started().run(input, {
          filename: task.module,
          name: task.name,
          ...(signal && { signal }),
        })) as Awaited<ReturnType<typeof task.call>>;
      } catch (error) {
        if (signal?.aborted) throw new QuarterdeckError('ABORTED', 'the work was stopped', { cause: error });
        throw error;
      }
    },
    async close() {
      await pool?.destroy();
      pool = undefined;
    },
  };
}
