import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../contracts';

/** The machine's clock. Waiting for it does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { ref: false, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw signal?.reason ?? error;
    }
  },
};
