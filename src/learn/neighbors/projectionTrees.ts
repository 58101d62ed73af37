import type { Random } from '../../contracts';
import type { SearchSpace } from './metric';

/**
 * A random projection tree (Dasgupta and Freund 2008, as PyNNDescent uses it): rows are parted again and again by
 * the plane half way between two of them, until few enough are together.
 * @returns the leaves, which hold every row once.
 */
export function projectionTreeLeaves(space: SearchSpace, leafSize: number, random: Random): Int32Array[] {
  const leaves: Int32Array[] = [];
  const pending: Int32Array[] = [Int32Array.from({ length: space.n }, (_, row) => row)];
  const normal = new Float64Array(space.d);
  for (let rows = pending.pop(); rows; rows = pending.pop()) {
    if (rows.length <= leafSize) leaves.push(rows);
    else pending.push(...splitRows(space, rows, normal, random));
  }
  return leaves;
}

/** A side smaller than this share would make the tree deep without making leaves small. */
const leastShare = 0.05;

function splitRows(
  { vectors, halfNorms, d }: SearchSpace,
  rows: Int32Array,
  normal: Float64Array,
  random: Random,
): [Int32Array, Int32Array] {
  const left = rows[random.integer(rows.length)]!;
  const right = rows[random.integer(rows.length)]!;
  for (let k = 0; k < d; k++) normal[k] = vectors[left * d + k]! - vectors[right * d + k]!;
  const offset = halfNorms[left]! - halfNorms[right]!;
  const sides: [number[], number[]] = [[], []];
  for (const row of rows) {
    let margin = -offset;
    for (let k = 0, at = row * d; k < d; k++, at++) margin += normal[k]! * vectors[at]!;
    // On the plane itself, as identical rows are, the side is drawn.
    sides[margin > 0 || (margin === 0 && random.next() < 0.5) ? 0 : 1].push(row);
  }
  if (Math.min(sides[0].length, sides[1].length) < leastShare * rows.length) {
    return halves(rows, random);
  }
  return [Int32Array.from(sides[0]), Int32Array.from(sides[1])];
}

function halves(rows: Int32Array, random: Random): [Int32Array, Int32Array] {
  const shuffled = rows.slice();
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  const middle = rows.length >> 1;
  return [shuffled.slice(0, middle).sort(), shuffled.slice(middle).sort()];
}
