import type { Clock } from '../contracts';
import { stoppedError } from './stopping';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // By hand and not by `timers/promises`, which makes an error of its own for every sleep that is cut short.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(stoppedError(signal));
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        reject(stoppedError(signal!));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
