import { QuarterdeckError } from '../../src/contracts';

/** Tasks for the tests of the thread pool; they run on worker threads. */

export function half(input: number): number {
  if (Number.isNaN(input)) {
    throw new QuarterdeckError('DATA_NOT_FINITE', 'row 3 is no number', { culprit: { row: 3 } });
  }
  if (input < 0) throw new RangeError('negative');
  return input / 2;
}

export function spin(counter: Int32Array): never {
  for (;;) Atomics.add(counter, 0, 1);
}

export function crash(): never {
  process.exit(3);
}

export const modulePath = __filename;
