import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Clock, Random } from '../../../contracts';
import { abortError } from '../aborted';
import { isFatal, isLockConflict, isWriteConflict, warehouseError } from './errors';

export interface DuckDbFileOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long the file stays open without work. Only one process can hold it, so the others wait at least this. */
  readonly idleMs: number;
  /** How long to wait for another process to let go of the file. */
  readonly busyDeadlineMs: number;
  readonly memoryLimit: string;
}

export type DuckDbApi = typeof import('@duckdb/node-api');
export interface Session {
  readonly api: DuckDbApi;
  readonly connection: DuckDBConnection;
}
type Work<T> = (session: Session) => Promise<T>;

const firstRetryMs = 20;
const longestRetryMs = 250;
/** Writers of two adapters on one file in one process can collide; each retry lets the other one finish first. */
const conflictAttempts = 20;

/**
 * One DuckDB file that several processes share by turns: it is opened at the first operation, and let go of
 * after a short time without any. Reads run side by side, each on a connection of its own; writes one after the
 * other on one connection, each in a transaction.
 */
export class DuckDbFile {
  private readonly options: DuckDbFileOptions;
  private opened: Promise<Opened> | undefined;
  private releasing: Promise<void> = Promise.resolve();
  private lastWrite: Promise<unknown> = Promise.resolve();
  private active = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(options: DuckDbFileOptions) {
    this.options = options;
  }

  /** Throws WAREHOUSE_BUSY, WAREHOUSE_UNAVAILABLE, WAREHOUSE_REJECTED, ABORTED, DEADLINE_EXCEEDED. */
  read<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    return this.use(doing, signal, work);
  }

  /** Runs `work` in a transaction: all of it is stored when this returns, none when it throws. */
  write<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    const run = async (): Promise<T> => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.use(doing, signal, (session) => transaction(session, work));
        } catch (error) {
          const conflict = error instanceof Error && isWriteConflict(error.cause);
          if (!conflict || attempt === conflictAttempts) throw error;
          await this.options.clock.sleep(this.jittered(attempt), signal);
        }
      }
    };
    const turn = this.lastWrite.then(run, run);
    this.lastWrite = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.lastWrite;
    this.release();
    await this.releasing;
  }

  private async use<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    const { file } = this.options;
    if (signal.aborted) throw abortError(signal, doing);
    clearTimeout(this.idleTimer);
    this.active++;
    try {
      await this.releasing;
      const opened = await (this.opened ??= this.open(signal));
      const connection = opened.idle.pop() ?? (await opened.instance.connect());
      const interrupt = (): void => connection.interrupt();
      signal.addEventListener('abort', interrupt, { once: true });
      try {
        if (signal.aborted) throw abortError(signal, doing);
        return await work({ api: opened.api, connection });
      } finally {
        signal.removeEventListener('abort', interrupt);
        opened.idle.push(connection);
      }
    } catch (error) {
      if (isFatal(error)) this.opened = undefined;
      if (signal.aborted) throw abortError(signal, doing);
      throw warehouseError(error, file, doing);
    } finally {
      this.active--;
      if (this.active === 0) this.releaseLater();
    }
  }

  private async open(signal: AbortSignal): Promise<Opened> {
    const { file, clock, busyDeadlineMs, memoryLimit } = this.options;
    try {
      await mkdir(dirname(file), { recursive: true });
      // Loaded here and not above: the cloud does not install it.
      const api = require('@duckdb/node-api') as DuckDbApi;
      const deadline = clock.monotonic() + busyDeadlineMs;
      for (let attempt = 1; ; attempt++) {
        try {
          // From DuckDB's cache: a second adapter on the file in this process shares the instance.
          const instance = await api.DuckDBInstance.fromCache(file);
          const connection = await instance.connect();
          await connection.run(`SET memory_limit = '${memoryLimit}'`);
          // Nothing is ever fetched from the network.
          await connection.run('SET autoinstall_known_extensions = false');
          return { api, instance, idle: [connection] };
        } catch (error) {
          const wait = this.jittered(attempt);
          if (!isLockConflict(error) || clock.monotonic() + wait > deadline) throw error;
          await clock.sleep(wait, signal);
        }
      }
    } catch (error) {
      this.opened = undefined;
      throw error;
    }
  }

  private jittered(attempt: number): number {
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** attempt);
    return longest * (0.5 + this.options.random.next() / 2);
  }

  private releaseLater(): void {
    this.idleTimer = setTimeout(() => {
      if (this.active === 0) this.release();
    }, this.options.idleMs);
    this.idleTimer.unref();
  }

  private release(): void {
    clearTimeout(this.idleTimer);
    const { opened } = this;
    this.opened = undefined;
    if (opened)
      this.releasing = this.releasing.then(async () => closeOpened(await opened)).catch(() => undefined);
  }
}

interface Opened {
  readonly api: DuckDbApi;
  readonly instance: DuckDBInstance;
  readonly idle: DuckDBConnection[];
}

async function transaction<T>(session: Session, work: Work<T>): Promise<T> {
  const { connection } = session;
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work(session);
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has ended the transaction already; ROLLBACK then has nothing to do and says so.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function closeOpened({ instance, idle }: Opened): void {
  for (const connection of idle) connection.closeSync();
  instance.closeSync();
}
