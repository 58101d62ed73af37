import type { Blobs } from '../../src/platform/blobs/blobs';

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Lets changes through until the `step`-th (from 1), before or after which the process is dead. */
export function killAt(
  step: number,
  when: 'before' | 'after',
): { change: <T>(make: () => Promise<T>) => Promise<T>; killed: () => boolean } {
  let changes = 0;
  let dead = false;
  return {
    killed: () => dead,
    async change(make) {
      if (dead) throw new Killed();
      changes += 1;
      if (changes < step) return make();
      dead = true;
      if (when === 'after') await make();
      throw new Killed();
    },
  };
}

/**
 * Storage as a process sees it that is killed at its `step`-th change (from 1): before the change reaches storage,
 * or after storage made it but before the process knew. Nothing it does later has an effect.
 */
export function killedBlobs(
  blobs: Blobs,
  step: number,
  when: 'before' | 'after',
): { blobs: Blobs; killed: () => boolean } {
  const { change, killed } = killAt(step, when);
  return {
    killed,
    blobs: {
      ...blobs,
      write: (...parameters) => change(() => blobs.write(...parameters)),
      delete: (...parameters) => change(() => blobs.delete(...parameters)),
    },
  };
}
