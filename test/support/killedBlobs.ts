import type { Blobs } from '../../src/platform/blobs/blobs';

export class Killed extends Error {
  override readonly name = 'Killed';
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
  let changes = 0;
  let dead = false;
  const change = async <T>(make: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    changes += 1;
    if (changes < step) return make();
    dead = true;
    if (when === 'after') await make();
    throw new Killed();
  };
  return {
    killed: () => dead,
    blobs: {
      ...blobs,
      write: (...parameters) => change(() => blobs.write(...parameters)),
      delete: (...parameters) => change(() => blobs.delete(...parameters)),
    },
  };
}
