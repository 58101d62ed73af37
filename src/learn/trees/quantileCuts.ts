/**
 * Borders between intervals of one column. While distinct values are few, every one has its interval; otherwise
 * intervals are filled with neighbouring values up to an equal share of the weight that is left, and a value
 * heavier than a share stands alone (LightGBM `GreedyFindBin`).
 */
export function quantileCuts(
  column: Float32Array,
  intervals: number,
  weights?: ArrayLike<number>,
): Float32Array {
  const { values, masses } = distinctValues(column, weights);
  const cuts: number[] = [];
  let remaining = 0;
  for (const mass of masses) remaining += mass;
  let open = 0;
  for (let index = 0; index + 1 < values.length; index++) {
    open += masses[index]!;
    const share = remaining / (intervals - cuts.length);
    const everyValueFits = values.length <= intervals;
    const nextStandsAlone = open >= share / 2 && masses[index + 1]! >= share;
    if (everyValueFits || open >= share || nextStandsAlone) {
      if (cuts.length + 1 === intervals) break;
      cuts.push(between(values[index]!, values[index + 1]!));
      remaining -= open;
      open = 0;
    }
  }
  return Float32Array.from(cuts);
}

/** Values that are there, ascending, with the weight of the rows that have them; without weight they do not count. */
function distinctValues(
  column: Float32Array,
  weights: ArrayLike<number> | undefined,
): { values: Float32Array; masses: Float64Array } {
  const rows: number[] = [];
  for (let row = 0; row < column.length; row++) {
    if (!Number.isNaN(column[row]) && (!weights || weights[row]! > 0)) rows.push(row);
  }
  const order = Uint32Array.from(rows).sort((a, b) => column[a]! - column[b]! || a - b);
  const values = new Float32Array(order.length);
  const masses = new Float64Array(order.length);
  let count = 0;
  for (const row of order) {
    const value = column[row]!;
    if (count === 0 || values[count - 1] !== value) values[count++] = value;
    masses[count - 1]! += weights ? weights[row]! : 1;
  }
  return { values: values.subarray(0, count), masses: masses.subarray(0, count) };
}

/** The number halfway, above `low` and not above `high`, in float32. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle > low ? middle : high;
}
