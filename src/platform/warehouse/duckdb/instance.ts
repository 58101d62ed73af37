import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Clock, Random } from '../../../contracts';
import { isLockConflict } from './errors';
import type { WaitingMark } from './waitingMark';

export type DuckDbApi = typeof import('@duckdb/node-api');

/** An open file with the connections that nobody uses just now. */
export interface OpenInstance {
  readonly api: DuckDbApi;
  readonly instance: DuckDBInstance;
  readonly idle: DuckDBConnection[];
  readonly openedAtMs: number;
}

export interface OpenOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long to wait for another process to let go of the file. */
  readonly busyDeadlineMs: number;
  readonly memoryLimit: string;
}

const firstRetryMs = 10;
const longestRetryMs = 150;

/** Opens the file; while another process holds it, asks for it and tries again with jitter until the deadline. */
export async function openInstance(options: OpenOptions, waiting: WaitingMark): Promise<OpenInstance> {
  const { file, clock, memoryLimit } = options;
  // Loaded here and not above: the cloud does not install it.
  const api = require('@duckdb/node-api') as DuckDbApi;
  await mkdir(dirname(file), { recursive: true });
  const deadline = clock.monotonic() + options.busyDeadlineMs;
  for (let attempt = 1; ; attempt++) {
    try {
      // From DuckDB's cache: a second adapter on the file in this process shares the instance.
      const instance = await api.DuckDBInstance.fromCache(file);
      if (attempt > 1) await waiting.clear();
      const connection = await instance.connect();
      await connection.run(`SET memory_limit = '${memoryLimit}'`);
      // Nothing is ever fetched from the network.
      await connection.run('SET autoinstall_known_extensions = false');
      return { api, instance, idle: [connection], openedAtMs: clock.monotonic() };
    } catch (error) {
      const wait = jittered(attempt, options.random);
      if (!isLockConflict(error) || clock.monotonic() + wait > deadline) throw error;
      await waiting.set();
      await clock.sleep(wait);
    }
  }
}

export function closeInstance({ instance, idle }: OpenInstance): void {
  for (const connection of idle) connection.closeSync();
  instance.closeSync();
}

/** Milliseconds before the next attempt: doubling, bounded, and between half and all of that. */
export function jittered(attempt: number, random: Random): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** attempt) * (0.5 + random.next() / 2);
}
