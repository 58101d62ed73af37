/**
 * Borders between intervals of one column. While distinct values are few, every one has its interval; otherwise
 * intervals are filled with neighbouring values up to an equal share of the weight that is left, and a value
 * heavier than a share stands alone (LightGBM `GreedyFindBin`).
 * @param sorted numbers, ascending, without NaN.
 * @param masses the weight of each; 1 when left out.
 */
export function cutsOfSorted(
  sorted: Float32Array,
  intervals: number,
  masses?: ArrayLike<number>,
): Float32Array {
  let distinct = sorted.length > 0 ? 1 : 0;
  let remaining = masses ? 0 : sorted.length;
  for (let index = 0; index < sorted.length; index++) {
    if (index > 0 && sorted[index] !== sorted[index - 1]) distinct++;
    if (masses) remaining += masses[index]!;
  }
  const everyValueFits = distinct <= intervals;
  const cuts = new Float32Array(Math.max(0, intervals - 1));
  let cut = 0;
  /** Weight in the open interval, and of the value that comes next. */
  let open = 0;
  for (let from = 0, to = 0; from < sorted.length && cut < cuts.length; from = to) {
    open += massOfValue(sorted, from, masses);
    to = endOfValue(sorted, from);
    if (to === sorted.length) break;
    const share = remaining / (intervals - cut);
    const full =
      everyValueFits || open >= share || (open >= share / 2 && massOfValue(sorted, to, masses) >= share);
    if (!full) continue;
    cuts[cut++] = between(sorted[from]!, sorted[to]!);
    remaining -= open;
    open = 0;
  }
  return cuts.slice(0, cut);
}

function endOfValue(sorted: Float32Array, from: number): number {
  let to = from + 1;
  while (to < sorted.length && sorted[to] === sorted[from]) to++;
  return to;
}

function massOfValue(sorted: Float32Array, from: number, masses: ArrayLike<number> | undefined): number {
  const to = endOfValue(sorted, from);
  if (!masses) return to - from;
  let mass = 0;
  for (let index = from; index < to; index++) mass += masses[index]!;
  return mass;
}

/** The number halfway, above `low` and not above `high`, in float32. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}

/** The cuts of a column as it comes; missing values and rows without weight do not count. */
export function quantileCuts(
  column: Float32Array,
  intervals: number,
  weights?: ArrayLike<number>,
): Float32Array {
  if (!weights) return cutsOfSorted(column.filter((value) => !Number.isNaN(value)).sort(), intervals);
  const rows = Uint32Array.from(column.keys()).filter(
    (row) => !Number.isNaN(column[row]) && weights[row]! > 0,
  );
  rows.sort((a, b) => column[a]! - column[b]! || a - b);
  const sorted = Float32Array.from(rows, (row) => column[row]!);
  return cutsOfSorted(
    sorted,
    intervals,
    Float64Array.from(rows, (row) => weights[row]!),
  );
}
