import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../contracts';
import { stoppedError } from './stopping';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? stoppedError(signal) : error;
    }
  },
};
