import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/contracts';

/** Time that only the test moves: `sleep` passes at once and moves the clock, so backoff costs nothing. */
export interface TestClock extends Clock {
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
  /** Also backwards, as real clocks do; the monotonic clock stays. */
  set(now: number): void;
}

/** @param start by default 2026-10-05T12:00:00Z, in the quarter after the tests' data. */
export function testClock(start: number = Date.UTC(2026, 9, 5, 12)): TestClock {
  let now = start;
  let monotonic = 0;
  const sleeps: number[] = [];
  const clock: TestClock = {
    sleeps,
    now: () => now,
    monotonic: () => monotonic,
    advance(ms) {
      now += ms;
      monotonic += ms;
    },
    set(value) {
      now = value;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      clock.advance(ms);
      await setImmediate();
      signal?.throwIfAborted();
    },
  };
  return clock;
}
