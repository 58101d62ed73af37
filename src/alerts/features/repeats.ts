/** Earlier firings of each alert's condition, within the time looked back. */
export interface Repeats {
  /** Firings before this one. */
  readonly count: Int32Array;
  /** Minutes between the firings, this one included: mean and standard deviation; 0 for a first firing. */
  readonly gapMean: Float64Array;
  readonly gapDeviation: Float64Array;
  /** Share of the gaps that lay between an end and a start soon after. */
  readonly flapping: Float64Array;
}

export interface Firings {
  /** Number of each alert's fingerprint. */
  readonly conditions: Int32Array;
  /** Minutes since 1970. */
  readonly starts: Float64Array;
  /** NaN while it lasts. */
  readonly ends: Float64Array;
}

/**
 * One pass over the alerts in order of condition and time, with sums so far: a million firings of one condition
 * cost no more than a million conditions.
 * @param lookBackMinutes how far before an alert's start an earlier one may lie.
 * @param flappingMinutes longest pause between an end and the next start that is flapping.
 */
export function repeatsOf(
  { conditions, starts, ends }: Firings,
  { lookBackMinutes, flappingMinutes }: { lookBackMinutes: number; flappingMinutes: number },
): Repeats {
  const n = conditions.length;
  const order = Int32Array.from({ length: n }, (_, alert) => alert).sort(
    (a, b) => conditions[a]! - conditions[b]! || starts[a]! - starts[b]! || a - b,
  );
  const repeats: Repeats = {
    count: new Int32Array(n),
    gapMean: new Float64Array(n),
    gapDeviation: new Float64Array(n),
    flapping: new Float64Array(n),
  };
  // Over the gaps before each place in the order, counted from the first alert of its condition.
  const squares = new Float64Array(n);
  const restarts = new Int32Array(n);
  let first = 0;
  for (let at = 0; at < n; at++) {
    const alert = order[at]!;
    const before = at > 0 ? order[at - 1]! : -1;
    if (before < 0 || conditions[before] !== conditions[alert]) {
      first = at;
      continue;
    }
    const gap = starts[alert]! - starts[before]!;
    const pause = starts[alert]! - ends[before]!;
    squares[at] = squares[at - 1]! + gap * gap;
    restarts[at] = restarts[at - 1]! + (pause >= 0 && pause <= flappingMinutes ? 1 : 0);
    while (starts[order[first]!]! < starts[alert]! - lookBackMinutes) first++;
    const gaps = at - first;
    if (gaps === 0) continue;
    const mean = (starts[alert]! - starts[order[first]!]!) / gaps;
    repeats.count[alert] = gaps;
    repeats.gapMean[alert] = mean;
    repeats.gapDeviation[alert] = Math.sqrt(
      Math.max(0, (squares[at]! - squares[first]!) / gaps - mean * mean),
    );
    repeats.flapping[alert] = (restarts[at]! - restarts[first]!) / gaps;
  }
  return repeats;
}
