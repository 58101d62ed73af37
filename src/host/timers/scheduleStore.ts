import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../foreignError';

/** Times in milliseconds since 1970; `last` is undefined until the timer has run once. */
export interface ScheduleStatus {
  readonly last: number | undefined;
  readonly next: number;
  readonly lastUpdated: number;
}

/** Where timers remember what they did, so that a restart notices what it missed. */
export interface ScheduleStore {
  read(functionName: string): Promise<ScheduleStatus | undefined>;
  write(functionName: string, status: ScheduleStatus): Promise<void>;
}

export class MemoryScheduleStore implements ScheduleStore {
  readonly #statuses = new Map<string, ScheduleStatus>();

  async read(functionName: string): Promise<ScheduleStatus | undefined> {
    return this.#statuses.get(functionName);
  }

  async write(functionName: string, status: ScheduleStatus): Promise<void> {
    this.#statuses.set(functionName, status);
  }
}

const iso = z.iso.datetime().transform((text) => Date.parse(text));
const fileSchema = z.object({ Last: iso.nullable(), Next: iso, LastUpdated: iso });

/**
 * One small JSON file per timer, replaced whole. A file that cannot be read counts as none, as in the real host:
 * the timer then starts afresh.
 */
export class FolderScheduleStore implements ScheduleStore {
  readonly #folder: string;
  readonly #onProblem: (message: string) => void;

  constructor(folder: string, onProblem: (message: string) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  async read(functionName: string): Promise<ScheduleStatus | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path(functionName), 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    try {
      const { Last, Next, LastUpdated } = fileSchema.parse(JSON.parse(text));
      return { last: Last ?? undefined, next: Next, lastUpdated: LastUpdated };
    } catch {
      this.#onProblem(`${functionName}: its schedule status cannot be read and is started afresh`);
      return undefined;
    }
  }

  async write(functionName: string, { last, next, lastUpdated }: ScheduleStatus): Promise<void> {
    const time = (ms: number) => new Date(ms).toISOString();
    const status = {
      Last: last === undefined ? null : time(last),
      Next: time(next),
      LastUpdated: time(lastUpdated),
    };
    const path = this.#path(functionName);
    await mkdir(this.#folder, { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(status));
    await rename(`${path}.new`, path);
  }

  #path(functionName: string): string {
    return join(this.#folder, `${functionName.toLowerCase()}.json`);
  }
}
