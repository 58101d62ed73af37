import type { MetricKind } from './metricKind';
import { median, runningMedian } from './runningMedian';

/** One metric's points, in order of time; NaN where one is missing. */
export interface MetricWindows {
  /** Usual operation, to learn how large changes are when nothing is wrong. */
  readonly history: Float64Array;
  /** Just before the trouble. */
  readonly before: Float64Array;
  /** From about its start on. */
  readonly after: Float64Array;
}

export interface Change {
  /** How many times larger than the largest such change of the history: above 1 it has never been seen. */
  readonly times: number;
  readonly direction: 'up' | 'down';
  /** Position in `after` from which on it is changed. */
  readonly from: number;
}

/** A change counts when it lasts: it is the median of so many points in a row, so that one odd point is none. */
const sustainedPoints = 3;
/** With fewer points just before, what they say is checked against the level of the whole history. */
const fewestBefore = 5;
const fewestHistory = 10;
/** Share of the usual level below which no change matters, however still the history was. */
const smallestChange = 0.02;
/** The same for availability and the like, where a tenth of a per cent is trouble. */
const smallestLoss = 0.001;

/**
 * How unusual the change of a metric is, measured by its own past: the largest sustained difference between the
 * points after and the median before, over the largest difference that windows of the same shape show in the
 * history. Nothing is assumed about the distribution, so that metrics with long tails do not cry wolf.
 * @returns null when there are too few points to say
 */
export function changeOf(
  { history, before, after }: MetricWindows,
  worse: MetricKind['worse'],
): Change | null {
  const level = median(before);
  if (Number.isNaN(level) || after.every(Number.isNaN)) return null;
  const width = Math.min(sustainedPoints, after.length);
  const sustained = runningMedian(after, width);
  if (history.reduce((known, value) => known + (Number.isNaN(value) ? 0 : 1), 0) < fewestHistory) return null;
  const usual = median(history);
  const floor = Math.max(
    (worse === 'down' ? smallestLoss : smallestChange) * Math.abs(usual),
    Number.EPSILON,
  );
  const usualSustained = runningMedian(history, width);
  const found = worst(sustained, 0, sustained.length, level, worse);
  const largest = largestChange(
    runningMedian(history, before.length),
    usualSustained,
    before.length,
    sustained.length,
    worse,
  );
  let times = Math.abs(found.by) / Math.max(largest, floor);
  if (before.length < fewestBefore) {
    const fromUsual = worst(sustained, 0, sustained.length, usual, worse).by;
    const largestFromUsual = Math.abs(worst(usualSustained, 0, usualSustained.length, usual, worse).by);
    const agrees = Math.sign(fromUsual) === Math.sign(found.by);
    times = agrees ? Math.min(times, Math.abs(fromUsual) / Math.max(largestFromUsual, floor)) : 0;
  }
  return { times, direction: found.by > 0 ? 'up' : 'down', from: startOf(after, found, level) };
}

/** The first point of the found window that is at least half of the way to where it went. */
function startOf(after: Float64Array, { by, at }: { by: number; at: number }, level: number): number {
  const moved = after.subarray(at).findIndex((value) => (value - level) / by >= 0.5);
  return at + Math.max(moved, 0);
}

/** The largest change within the history, of every pair of a level before and what follows it. */
function largestChange(
  levels: Float64Array,
  sustained: Float64Array,
  beforePoints: number,
  afterWindows: number,
  worse: MetricKind['worse'],
): number {
  let largest = 0;
  for (let split = beforePoints; split + afterWindows <= sustained.length; split++) {
    const level = levels[split - beforePoints]!;
    largest = Math.max(largest, Math.abs(worst(sustained, split, split + afterWindows, level, worse).by));
  }
  return largest;
}

/** The largest difference from `level` in [from, to) that is for the worse; 0 when none is. `at` counts from `from`. */
function worst(
  values: Float64Array,
  from: number,
  to: number,
  level: number,
  worse: MetricKind['worse'],
): { by: number; at: number } {
  let by = 0;
  let at = 0;
  for (let position = from; position < to; position++) {
    const difference = values[position]! - level;
    // False for NaN too.
    const counts = worse === 'either' || (worse === 'up' ? difference > 0 : difference < 0);
    if (counts && Math.abs(difference) > Math.abs(by)) {
      by = difference;
      at = position - from;
    }
  }
  return { by, at };
}
