import { rm, stat, writeFile } from 'node:fs/promises';
import type { Clock } from '../../../contracts';

/** A process that waits renews its mark more often than this; an older one was left by a process that died. */
const freshMs = 2_000;

/**
 * An empty file beside the warehouse file by which a process says that it waits. Whoever holds the warehouse
 * looks for it now and then and lets go between two operations, so a busy process does not shut the others out.
 */
export class WaitingMark {
  private readonly path: string;
  private readonly clock: Clock;

  constructor(warehouseFile: string, clock: Clock) {
    this.path = `${warehouseFile}.waiting`;
    this.clock = clock;
  }

  async set(): Promise<void> {
    await writeFile(this.path, '');
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async isSet(): Promise<boolean> {
    const found = await stat(this.path).catch(absent);
    return found !== undefined && Math.abs(this.clock.now() - found.mtimeMs) < freshMs;
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
