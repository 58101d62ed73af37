import type { DuckDBConnection } from '@duckdb/node-api';
import { abortError, waitFor } from '../aborted';
import { isFatal, isWriteConflict, warehouseError } from './errors';
import {
  closeInstance,
  jittered,
  openInstance,
  type DuckDbApi,
  type OpenInstance,
  type OpenOptions,
} from './instance';
import { WaitingMark } from './waitingMark';

export interface DuckDbFileOptions extends OpenOptions {
  /** How long the file stays open without work. */
  readonly idleMs: number;
}

export interface Session {
  readonly api: DuckDbApi;
  readonly connection: DuckDBConnection;
  readonly signal: AbortSignal;
}
type Work<T> = (session: Session) => Promise<T>;

/** A process that always has work holds the file this long before it looks whether others wait. */
const holdBeforeSharingMs = 250;
/** Longer than the longest pause between two attempts of those that wait. */
const standAsideMs = 200;
/** Writers of two adapters on one file in one process can collide; each retry lets the other one finish first. */
const conflictAttempts = 20;

/**
 * One DuckDB file that several processes share by turns, since only one can hold it: it is opened at the first
 * operation and let go of after a short time without any, or when another process asks for it. Reads run side
 * by side, each on a connection of its own; writes one after the other, each in a transaction.
 *
 * Throws WAREHOUSE_BUSY, WAREHOUSE_UNAVAILABLE, WAREHOUSE_REJECTED, ABORTED, DEADLINE_EXCEEDED.
 */
export class DuckDbFile {
  private readonly options: DuckDbFileOptions;
  private readonly waiting: WaitingMark;
  private opened: Promise<OpenInstance> | undefined;
  /** Settled unless the file is being let go of; a new operation waits for it. */
  private releasing: Promise<void> = Promise.resolve();
  private lastWrite: Promise<unknown> = Promise.resolve();
  private readonly running = new Set<Promise<unknown>>();
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(options: DuckDbFileOptions) {
    this.options = options;
    this.waiting = new WaitingMark(options.file, options.clock);
  }

  read<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    return this.use(doing, signal, (session) => interruptible(session, work));
  }

  /** Runs `work` in a transaction: all of it is durable when this returns, none is there when it throws. */
  async write<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    const before = this.lastWrite;
    let endTurn: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      endTurn = resolve;
    });
    this.lastWrite = before.then(() => turn);
    try {
      await waitFor(before, signal, doing);
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.use(doing, signal, (session) => transaction(session, doing, work));
        } catch (error) {
          const conflict = error instanceof Error && isWriteConflict(error.cause);
          if (!conflict || attempt === conflictAttempts) throw error;
          await this.options.clock.sleep(jittered(attempt, this.options.random), signal);
        }
      }
    } finally {
      endTurn();
    }
  }

  async close(): Promise<void> {
    await this.lastWrite;
    this.release();
    await this.releasing;
  }

  private async use<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    if (signal.aborted) throw abortError(signal, doing);
    clearTimeout(this.idleTimer);
    await this.shareWithOthers();
    await waitFor(this.releasing, signal, doing);
    const run = this.onConnection(doing, signal, work);
    const settled = run.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(settled);
    try {
      return await run;
    } catch (error) {
      if (isFatal(error)) this.release();
      throw signal.aborted ? abortError(signal, doing) : warehouseError(error, this.options.file, doing);
    } finally {
      this.running.delete(settled);
      if (this.running.size === 0) this.releaseWhenIdle();
    }
  }

  private async onConnection<T>(doing: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    this.opened ??= openInstance(this.options, this.waiting);
    const { opened } = this;
    const { api, instance, idle } = await waitFor(opened, signal, doing).catch((error: unknown) => {
      // An abort of this wait leaves the opening to the others that wait for it.
      if (!signal.aborted && this.opened === opened) this.opened = undefined;
      throw error;
    });
    const connection = idle.pop() ?? (await instance.connect());
    try {
      return await work({ api, connection, signal });
    } finally {
      idle.push(connection);
    }
  }

  private async shareWithOthers(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    const { openedAtMs } = await opened.catch(() => ({ openedAtMs: Infinity }));
    const held = this.options.clock.monotonic() - openedAtMs;
    if (held < holdBeforeSharingMs || !(await this.waiting.isSet()) || this.opened !== opened) return;
    this.release();
    this.releasing = this.releasing.then(() => this.options.clock.sleep(standAsideMs));
  }

  private releaseWhenIdle(): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.release(), this.options.idleMs);
    this.idleTimer.unref();
  }

  /** Lets go of the file once the operations on it have ended. */
  private release(): void {
    clearTimeout(this.idleTimer);
    const { opened } = this;
    if (!opened) return;
    this.opened = undefined;
    const ended = [...this.running];
    this.releasing = this.releasing
      .then(() => Promise.all(ended))
      .then(() => opened.then(closeInstance))
      // What failed to open was reported to who asked for it. What fails to close is in the write-ahead log
      // already, and the next opening reads that or reports why it cannot.
      .catch(() => undefined);
  }
}

async function interruptible<T>(session: Session, work: Work<T>): Promise<T> {
  const interrupt = (): void => session.connection.interrupt();
  session.signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work(session);
  } finally {
    session.signal.removeEventListener('abort', interrupt);
  }
}

async function transaction<T>(session: Session, doing: string, work: Work<T>): Promise<T> {
  const { connection, signal } = session;
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await interruptible(session, work);
    if (signal.aborted) throw abortError(signal, doing);
    // Never interrupted: what a COMMIT that was cut off has stored would be unknown.
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has ended the transaction already; ROLLBACK then has nothing to do and says so.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
