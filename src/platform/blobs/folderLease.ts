import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { QuarterdeckError, stoppedError } from '../../contracts';
import type { Lease } from './blobs';
import { errorCode } from './folderErrors';

/**
 * Leases between the processes of one machine, by files. A lease is a row of generations, each a file that is made by
 * a hard link, which only one of many can do: whoever makes the next generation has won the step, be it to take a free
 * or expired lease, to renew it or to give it back. Nothing is ever changed in place, so no step needs a lock itself.
 */
interface Generation {
  readonly holder: string | null;
  readonly expiresAtMs: number;
}

const shortestSeconds = 15;
const longestSeconds = 60;
const renewalsPerTerm = 3;
/** Held back from the term, so that we stop before another holder may start. */
const marginMs = 2_000;
/** A write under a lock is one small file; a holder that takes longer is dead. */
const lockSeconds = 10;
const lockPollMs = 5;
const lockLimitMs = 30_000;

/**
 * @param own folder of our own files inside the folder of blobs.
 * @throws LEASE_HELD, PARAMETER_INVALID, and what the file system throws
 */
export async function acquireFolderLease(
  own: string,
  name: string,
  options: { durationSeconds?: number; signal?: AbortSignal },
): Promise<Lease> {
  const seconds = options.durationSeconds ?? longestSeconds;
  if (!Number.isInteger(seconds) || seconds < shortestSeconds || seconds > longestSeconds) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `a lease lasts ${shortestSeconds} to ${longestSeconds} whole seconds, not ${seconds}`,
      { culprit: { option: 'durationSeconds' } },
    );
  }
  const steps = await openSteps(own, `lease/${name}`);
  const holder = randomUUID();
  let expiresAtMs = await take(steps, holder, seconds * 1_000);
  if (expiresAtMs === undefined) {
    throw new QuarterdeckError('LEASE_HELD', `somebody else holds locks/${name}`, {
      culprit: { blob: `locks/${name}` },
    });
  }
  const lost = new AbortController();
  const released = new AbortController();
  const renewing = renewUntilReleased();
  return {
    lost: lost.signal,
    async release() {
      if (released.signal.aborted) return;
      released.abort();
      await renewing;
      if (!lost.signal.aborted) await giveBack(steps, holder);
    },
  };

  async function renewUntilReleased(): Promise<void> {
    while (await passed((seconds * 1_000) / renewalsPerTerm, released.signal)) {
      let cause: unknown;
      try {
        const renewed = await renew(steps, holder, seconds * 1_000);
        if (renewed !== undefined) {
          expiresAtMs = renewed;
          continue;
        }
      } catch (error) {
        if (Date.now() < expiresAtMs! - marginMs) continue;
        cause = error;
      }
      lost.abort(
        new QuarterdeckError('LEASE_LOST', `locks/${name}: the lease is lost`, {
          culprit: { blob: `locks/${name}` },
          cause,
        }),
      );
      return;
    }
  }
}

/** Runs a short piece of work that no other process may do on the same name at the same time. */
export async function withFolderLock<T>(
  own: string,
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const steps = await openSteps(own, `lock/${name}`);
  const holder = randomUUID();
  const limit = AbortSignal.timeout(lockLimitMs);
  const stop = signal ? AbortSignal.any([signal, limit]) : limit;
  while ((await take(steps, holder, lockSeconds * 1_000)) === undefined) {
    if (stop.aborted) throw stoppedError(stop);
    await wait(lockPollMs);
  }
  try {
    return await work();
  } finally {
    await giveBack(steps, holder);
  }
}

interface Steps {
  readonly folder: string;
}

async function openSteps(own: string, name: string): Promise<Steps> {
  const folder = join(own, 'leases', createHash('sha256').update(name).digest('hex').slice(0, 32));
  await mkdir(folder, { recursive: true });
  return { folder };
}

/** Takes a lease that is free or has run out; undefined when it is held. */
async function take(steps: Steps, holder: string, termMs: number): Promise<number | undefined> {
  const { number, generation } = await newest(steps);
  const now = Date.now();
  if (generation !== undefined && generation.holder !== null && generation.expiresAtMs > now)
    return undefined;
  return step(steps, number, { holder, expiresAtMs: now + termMs });
}

async function renew(steps: Steps, holder: string, termMs: number): Promise<number | undefined> {
  const { number, generation } = await newest(steps);
  if (generation?.holder !== holder) return undefined;
  return step(steps, number, { holder, expiresAtMs: Date.now() + termMs });
}

async function giveBack(steps: Steps, holder: string): Promise<void> {
  const { number, generation } = await newest(steps);
  if (generation?.holder === holder) await step(steps, number, { holder: null, expiresAtMs: 0 });
}

/** Makes the generation after `number`; undefined when somebody else was first. */
async function step(steps: Steps, number: number, next: Generation): Promise<number | undefined> {
  const staged = join(steps.folder, `staged-${randomUUID()}`);
  const made = number + 1;
  await writeFile(staged, JSON.stringify(next), { flag: 'wx' });
  try {
    await link(staged, join(steps.folder, String(made)));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
  // The place may have been free because later generations were made and this one cleared away: then they stand.
  const numbers = await generations(steps);
  if (Math.max(...numbers) > made) {
    await rm(join(steps.folder, String(made)), { force: true });
    return undefined;
  }
  for (const old of numbers) if (old < made) await rm(join(steps.folder, String(old)), { force: true });
  return next.expiresAtMs;
}

async function newest(steps: Steps): Promise<{ number: number; generation: Generation | undefined }> {
  for (;;) {
    const number = Math.max(0, ...(await generations(steps)));
    if (number === 0) return { number, generation: undefined };
    try {
      const text = await readFile(join(steps.folder, String(number)), 'utf8');
      return { number, generation: JSON.parse(text) as Generation };
    } catch (error) {
      // A later one was made meanwhile and this one cleared away: look again.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

async function generations({ folder }: Steps): Promise<number[]> {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** True after the time, false when the signal came first. Does not keep the process alive. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal, ref: false });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
