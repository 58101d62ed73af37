import type { Matrix } from '../../learn/matrix';

/** What reviewers said of rows, and how each row looks. */
export interface ReviewedStates {
  readonly instances: ArrayLike<number | string>;
  readonly minutes: ArrayLike<number>;
  /** −1…1, below 0 is anomalous. */
  readonly confidence: ArrayLike<number>;
  /** 1 anomaly, 0 normal, −1 nothing. */
  readonly verdicts: ArrayLike<number>;
  /** How each row looks at its own minute, on comparable scales: by `stateVectors`. */
  readonly states: Matrix;
}

/** By row: what a confirmed anomaly nearby makes of it. */
export const extents = { unreached: 0, inside: 1, outside: 2, unclear: 3 } as const;

/** An event is not followed further than this from what was reviewed. */
export const extentReachMinutes = 150;
/** What is usual is learned from normal rows this near. */
const usualMinutes = 360;
const leastUsualRows = 5;
/** Rows on this side of the forest's scale are usual enough to compare with. */
const usualConfidence = 0.3;
/** A column that moved by less than this many of its usual spreads did not take part in the event. */
const leastDeviation = 2;
/** At least one must have moved by this many, or nothing is known to have happened. */
const leastLargestDeviation = 3;
/** In spreads of the instance: keeps columns that hardly ever move from deciding alone. */
const leastSpread = 0.15;
/** On the way from usual (0) to what the reviewer saw (1). */
const halfWay = 0.5;
const surelyOut = 0.3;
const surelyIn = 0.6;
/** An event that comes back within this time was never gone. */
const dipMinutes = 10;
/** So long after an event features over a window still remember it, and a row's look does not tell the two apart. */
const aftermathMinutes = 30;

/**
 * How far in time a confirmed anomaly reaches. The metrics that took part in it, and how far each was from what is
 * usual at that instance and hour, give a direction; a neighbouring minute belongs to the event while it lies more than
 * half the way along it, as the width of a peak is measured at half its height. Rows just before and after are
 * outside, and those near the line are left unclear. Unlike scores over a window, which rise late and fall late, the
 * state of the minute itself shows when an event began and ended.
 *
 * @param order row numbers by instance, then minute. @returns n times one of `extents`.
 */
export function eventExtents(rows: ReviewedStates, order: ArrayLike<number>): Uint8Array {
  const { instances, minutes, verdicts } = rows;
  const n = order.length;
  const found = new Uint8Array(n);
  const distanceOf = new Float64Array(n).fill(Infinity);
  for (let place = 0; place < n; place++) {
    const row = order[place]!;
    if (verdicts[row] !== 1) continue;
    const along = directionOf(rows, order, place);
    if (!along) continue;
    for (const step of [-1, 1]) {
      let lastInside = minutes[row]!;
      const limit = limitOf(rows, order, place, step, along);
      for (let at = place + step; at >= 0 && at < n; at += step) {
        const other = order[at]!;
        const distance = Math.abs(minutes[other]! - minutes[row]!);
        if (instances[other] !== instances[row] || distance > limit || verdicts[other]! >= 0) break;
        const since = Math.abs(minutes[other]! - lastInside);
        const share = along(other);
        const goesOn = since <= dipMinutes;
        if (goesOn && share >= halfWay) lastInside = minutes[other]!;
        if (since > aftermathMinutes) break;
        // Between two confirmed anomalies the nearer one speaks.
        if (distance >= distanceOf[other]!) continue;
        distanceOf[other] = distance;
        if (share < surelyOut) found[other] = extents.outside;
        else found[other] = goesOn && share > surelyIn ? extents.inside : extents.unclear;
      }
    }
  }
  return found;
}

/**
 * Minutes that a verdict is followed: where reviewers called a row normal that looks like the event, looks do not tell
 * where it ended, and only the nearer half of the way there is concluded from this side.
 */
function limitOf(
  { instances, minutes, verdicts }: ReviewedStates,
  order: ArrayLike<number>,
  place: number,
  step: number,
  along: (row: number) => number,
): number {
  const row = order[place]!;
  for (let at = place + step; at >= 0 && at < order.length; at += step) {
    const other = order[at]!;
    const distance = Math.abs(minutes[other]! - minutes[row]!);
    if (instances[other] !== instances[row] || distance > extentReachMinutes) break;
    if (verdicts[other]! < 0) continue;
    return verdicts[other] === 0 && along(other) >= halfWay ? distance / 2 : distance;
  }
  return extentReachMinutes;
}

/** Share of the way from usual to the row at `place` at which another row lies; undefined where nothing stands out. */
function directionOf(
  { instances, minutes, confidence, verdicts, states }: ReviewedStates,
  order: ArrayLike<number>,
  place: number,
): ((row: number) => number) | undefined {
  const { values, d } = states;
  const row = order[place]!;
  const usual = new Float64Array(d);
  const squares = new Float64Array(d);
  let count = 0;
  for (const step of [-1, 1]) {
    for (let at = place + step; at >= 0 && at < order.length; at += step) {
      const other = order[at]!;
      const away = Math.abs(minutes[other]! - minutes[row]!);
      if (instances[other] !== instances[row] || away > usualMinutes) break;
      if (verdicts[other] === 1 || confidence[other]! < usualConfidence) continue;
      count++;
      for (let column = 0; column < d; column++) {
        const value = values[other * d + column]!;
        usual[column]! += value;
        squares[column]! += value * value;
      }
    }
  }
  if (count < leastUsualRows) return undefined;
  const weights = new Float64Array(d);
  let whole = 0;
  let largest = 0;
  for (let column = 0; column < d; column++) {
    usual[column]! /= count;
    const spread = Math.sqrt(Math.max(0, squares[column]! / count - usual[column]! ** 2));
    const moved = values[row * d + column]! - usual[column]!;
    const deviation = Math.abs(moved) / Math.max(spread, Number.EPSILON);
    if (deviation < leastDeviation) continue;
    largest = Math.max(largest, deviation);
    weights[column] = moved / (spread + leastSpread);
    whole += weights[column]! * moved;
  }
  if (largest < leastLargestDeviation) return undefined;
  return (other) => {
    let sum = 0;
    for (let column = 0; column < d; column++) {
      if (weights[column] !== 0) sum += weights[column]! * (values[other * d + column]! - usual[column]!);
    }
    return sum / whole;
  };
}
