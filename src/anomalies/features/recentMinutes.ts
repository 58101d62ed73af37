import { carryMinutes } from '../../contracts';
import type { ReadingBounds } from './plan';

/**
 * The last minutes of one instance: readings as they came, and the values that features are made of. A reading
 * stands for up to `carryMinutes` minutes after it. The value of a gauge is its reading; that of a counter its
 * growth since the minute before, and after a fall, which is a restart, the reading itself.
 *
 * Two rings, minute-major, so that a late reading rewrites a few minutes of one metric and no more.
 */
export class RecentMinutes {
  readonly readings: Float64Array;
  readonly values: Float64Array;
  private readonly metrics: number;

  constructor(
    private readonly counters: Uint8Array,
    /** Per metric, the readings that count; others are missing. */
    private readonly bounds: ReadingBounds,
    /** Minutes that the rings hold. */
    readonly capacity: number,
  ) {
    this.metrics = counters.length;
    this.readings = new Float64Array(capacity * this.metrics).fill(Number.NaN);
    this.values = new Float64Array(capacity * this.metrics).fill(Number.NaN);
  }

  /** Where a minute's readings and values begin. */
  base(minute: number): number {
    const slot = minute % this.capacity;
    return (slot < 0 ? slot + this.capacity : slot) * this.metrics;
  }

  clear(): void {
    this.readings.fill(Number.NaN);
    this.values.fill(Number.NaN);
  }

  /** Makes `minute` the newest one, with the readings given or, without any, none. */
  append(minute: number, source?: ArrayLike<number>, offset = 0): void {
    const { metrics, readings } = this;
    const base = this.base(minute);
    for (let metric = 0; metric < metrics; metric++) {
      readings[base + metric] = source ? this.usable(source[offset + metric]!, metric) : Number.NaN;
    }
    const before = this.base(minute - 1);
    for (let metric = 0; metric < metrics; metric++) this.derive(minute, metric, base, before);
  }

  /** Puts late readings (NaN: none) into a minute that is there, and derives again what follows from them. */
  amend(minute: number, newest: number, source: ArrayLike<number>): void {
    const base = this.base(minute);
    for (let metric = 0; metric < this.metrics; metric++) {
      const reading = this.usable(source[metric]!, metric);
      if (Number.isNaN(reading)) continue;
      this.readings[base + metric] = reading;
      // A reading reaches through its carried minutes, and a counter's increment one further.
      const last = Math.min(newest, minute + carryMinutes + 1);
      for (let at = minute; at <= last; at++) this.derive(at, metric, this.base(at), this.base(at - 1));
    }
  }

  private derive(minute: number, metric: number, base: number, before: number): void {
    const { readings, values, counters } = this;
    let reading = readings[base + metric]!;
    if (reading !== reading) reading = this.carried(minute, metric);
    if (counters[metric] === 0) {
      values[base + metric] = reading;
      return;
    }
    let previous = readings[before + metric]!;
    if (previous !== previous) previous = this.carried(minute - 1, metric);
    const growth = reading - previous;
    values[base + metric] = growth < 0 ? reading : growth;
  }

  /** The reading that stands for a minute without one, NaN when the last is too old. */
  private carried(minute: number, metric: number): number {
    for (let age = 1; age <= carryMinutes; age++) {
      const reading = this.readings[this.base(minute - age) + metric]!;
      if (reading === reading) return reading;
    }
    return Number.NaN;
  }

  private usable(reading: number, metric: number): number {
    return reading >= this.bounds.least[metric]! && reading <= this.bounds.most[metric]!
      ? reading
      : Number.NaN;
  }
}
