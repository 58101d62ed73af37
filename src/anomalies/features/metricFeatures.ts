import { largestReading } from '../../contracts';
import { unused, type Plan, type WindowStatistics } from './plan';
import type { RecentMinutes } from './recentMinutes';

/**
 * Features of metrics at one minute, from the values of the minutes up to it. Sums run over differences from the
 * newest value of the window, and variance takes a second pass: a level of 1e9 with a spread of 1e-3 keeps its
 * spread, which sums of squares would lose.
 */
export class MetricFeatures {
  private readonly bases: Int32Array;

  constructor(private readonly plan: Plan) {
    this.bases = new Int32Array(plan.lookback + 1);
  }

  /** Writes every metric feature of `minute` to `target` from `offset` on; NaN where it is missing. */
  write(recent: RecentMinutes, minute: number, target: Float32Array, offset: number): void {
    const { plan, bases } = this;
    const { values } = recent;
    for (let age = 0; age <= plan.lookback; age++) bases[age] = recent.base(minute - age);
    const now = bases[0]!;
    for (const { column, metric } of plan.values) target[offset + column] = values[now + metric]!;
    for (const group of plan.windows) this.writeWindow(group, values, target, offset);
    for (const { column, metric, minutes } of plan.lags) {
      target[offset + column] = values[bases[minutes]! + metric]!;
    }
    for (const { column, metric, minutes } of plan.changes) {
      target[offset + column] = (values[now + metric]! - values[bases[minutes]! + metric]!) / minutes;
    }
    for (const { column, numerator, denominator } of plan.ratios) {
      // 0 / 0 and x / 0 have no value; nor has a quotient that no 32-bit float holds.
      const ratio = values[now + numerator]! / values[now + denominator]!;
      target[offset + column] = Math.abs(ratio) <= largestReading ? ratio : Number.NaN;
    }
    for (const correlation of plan.correlations) {
      target[offset + correlation.column] = this.correlation(correlation, values);
    }
  }

  private writeWindow(
    group: WindowStatistics,
    values: Float64Array,
    target: Float32Array,
    offset: number,
  ): void {
    const { bases } = this;
    const { metric, minutes } = group;
    let present = 0;
    let shift = 0;
    let sum = 0;
    let least = Infinity;
    let most = -Infinity;
    for (let age = 0; age < minutes; age++) {
      const value = values[bases[age]! + metric]!;
      if (value !== value) continue;
      if (present === 0) shift = value;
      present++;
      sum += value - shift;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (present < group.required) {
      for (const column of [group.mean, group.std, group.min, group.max, group.increase, group.rate]) {
        if (column !== unused) target[offset + column] = Number.NaN;
      }
      return;
    }
    const meanShifted = sum / present;
    if (group.mean !== unused) target[offset + group.mean] = shift + meanShifted;
    if (group.min !== unused) target[offset + group.min] = least;
    if (group.max !== unused) target[offset + group.max] = most;
    const total = shift * present + sum;
    if (group.increase !== unused) target[offset + group.increase] = total;
    if (group.rate !== unused) target[offset + group.rate] = total / (60 * present);
    if (group.std !== unused) {
      let squares = 0;
      for (let age = 0; age < minutes; age++) {
        const value = values[bases[age]! + metric]!;
        if (value !== value) continue;
        const deviation = value - shift - meanShifted;
        squares += deviation * deviation;
      }
      target[offset + group.std] = Math.sqrt(squares / present);
    }
  }

  private correlation(
    { one, other, minutes, required }: Plan['correlations'][number],
    values: Float64Array,
  ): number {
    const { bases } = this;
    let present = 0;
    let shiftOne = 0;
    let shiftOther = 0;
    let sumOne = 0;
    let sumOther = 0;
    for (let age = 0; age < minutes; age++) {
      const x = values[bases[age]! + one]!;
      const y = values[bases[age]! + other]!;
      if (x !== x || y !== y) continue;
      if (present === 0) {
        shiftOne = x;
        shiftOther = y;
      }
      present++;
      sumOne += x - shiftOne;
      sumOther += y - shiftOther;
    }
    if (present < required) return Number.NaN;
    const meanOne = sumOne / present;
    const meanOther = sumOther / present;
    let squaresOne = 0;
    let squaresOther = 0;
    let products = 0;
    for (let age = 0; age < minutes; age++) {
      const x = values[bases[age]! + one]!;
      const y = values[bases[age]! + other]!;
      if (x !== x || y !== y) continue;
      const deviationOne = x - shiftOne - meanOne;
      const deviationOther = y - shiftOther - meanOther;
      squaresOne += deviationOne * deviationOne;
      squaresOther += deviationOther * deviationOther;
      products += deviationOne * deviationOther;
    }
    // A metric that stood still goes along with nothing: 0 / 0, missing.
    const correlation = products / (Math.sqrt(squaresOne) * Math.sqrt(squaresOther));
    return Math.max(-1, Math.min(1, correlation));
  }
}
