/**
 * Locally weighted regression of first degree over equally spaced values (Cleveland 1979): tricube weights over the
 * `width` nearest places, times the given weights. As in R's and netlib's code, every tenth of a width is estimated
 * and a straight line joins what lies between.
 * @param values `n` values at places 0 … n − 1.
 * @param from, count the places to estimate: from, from + 1, …; they may lie outside.
 */
export function loess(
  values: Float64Array,
  width: number,
  weights: Float64Array | undefined,
  from: number,
  count: number,
  target: Float64Array,
): void {
  const jump = Math.ceil(width / 10);
  let before = 0;
  target[0] = estimate(values, width, weights, from);
  while (before < count - 1) {
    const next = Math.min(before + jump, count - 1);
    target[next] = estimate(values, width, weights, from + next);
    for (let at = before + 1; at < next; at++) {
      const share = (at - before) / (next - before);
      target[at] = target[before]! + share * (target[next] - target[before]!);
    }
    before = next;
  }
}

function estimate(
  values: Float64Array,
  width: number,
  weights: Float64Array | undefined,
  place: number,
): number {
  const n = values.length;
  const span = Math.min(width, n);
  let left = Math.round(place) - (span >> 1);
  left = Math.max(0, Math.min(n - span, left));
  const right = left + span - 1;
  let reach = Math.max(place - left, right - place);
  // A window wider than the series reaches as much farther.
  if (width > n) reach += (width - n) >> 1;
  let total = 0;
  let center = 0;
  for (let i = left; i <= right; i++) {
    const weight = weightAt(Math.abs(i - place), reach) * (weights ? weights[i]! : 1);
    total += weight;
    center += weight * i;
  }
  if (total <= 0) return values[Math.max(0, Math.min(n - 1, Math.round(place)))]!;
  center /= total;
  let spread = 0;
  for (let i = left; i <= right; i++) {
    const weight = weightAt(Math.abs(i - place), reach) * (weights ? weights[i]! : 1);
    spread += (weight / total) * (i - center) ** 2;
  }
  // Where the places hardly differ there is no slope to be told.
  const slope = Math.sqrt(spread) > 0.001 * (n - 1) ? (place - center) / spread : 0;
  let result = 0;
  for (let i = left; i <= right; i++) {
    const weight = weightAt(Math.abs(i - place), reach) * (weights ? weights[i]! : 1);
    result += (weight / total) * (1 + slope * (i - center)) * values[i]!;
  }
  return result;
}

/** Tricube; full below a thousandth of the reach and none above 999 thousandths, as in the netlib code. */
function weightAt(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return 0;
  if (distance <= 0.001 * reach) return 1;
  return (1 - (distance / reach) ** 3) ** 3;
}
