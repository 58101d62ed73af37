import type { Random } from '../../../contracts';
import type { Matrix } from '../../matrix';
import type { HalfSpaces } from './halfSpaceForest';

/**
 * Complete trees of halvings. Each tree works in a box of its own around the range of the training rows, placed at
 * random and at least as wide as that range on either side of a random point in it, so that the trees halve in
 * different places.
 */
export function drawHalfSpaces(
  data: Matrix,
  { trees, depth, window }: { trees: number; depth: number; window: number },
  random: Random,
): HalfSpaces {
  const { d } = data;
  const inner = 2 ** depth - 1;
  const column = new Int32Array(trees * inner);
  const middle = new Float64Array(trees * inner);
  const { low, high } = ranges(data);
  for (let tree = 0; tree < trees; tree++) {
    const from = new Float64Array(d);
    const to = new Float64Array(d);
    for (let k = 0; k < d; k++) {
      const side = high[k]! - low[k]! || 1;
      const center = random.next();
      const reach = 2 * Math.max(center, 1 - center);
      from[k] = low[k]! + (center - reach) * side;
      to[k] = low[k]! + (center + reach) * side;
    }
    halve(0);

    function halve(node: number): void {
      if (node >= inner) return;
      const k = random.integer(d);
      const [start, end] = [from[k]!, to[k]!];
      const at = (start + end) / 2;
      column[tree * inner + node] = k;
      middle[tree * inner + node] = at;
      to[k] = at;
      halve(2 * node + 1);
      to[k] = end;
      from[k] = at;
      halve(2 * node + 2);
      from[k] = start;
    }
  }
  return { trees, depth, window, column, middle };
}

function ranges({ values, d }: Matrix): { low: Float64Array; high: Float64Array } {
  const low = new Float64Array(d).fill(Infinity);
  const high = new Float64Array(d).fill(-Infinity);
  values.forEach((value, at) => {
    const column = at % d;
    if (value < low[column]!) low[column] = value;
    if (value > high[column]!) high[column] = value;
  });
  return { low, high };
}
