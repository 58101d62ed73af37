import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';

/** Round groups of given sizes with centres about `apart` standard deviations from each other, in mixed order. */
export function ballsOf(
  sizes: readonly number[],
  d: number,
  apart: number,
  seed = 5,
): { rows: Matrix; group: Int32Array } {
  const random = seededRandom(seed);
  const centres = sizes.map((_, group) =>
    Array.from({ length: d }, (_unused, column) =>
      column === group % d ? apart * (1 + Math.floor(group / d)) : 0,
    ),
  );
  const group = Int32Array.from(sizes.flatMap((size, index) => Array.from({ length: size }, () => index)));
  for (let last = group.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [group[last], group[other]] = [group[other]!, group[last]!];
  }
  const values = new Float32Array(group.length * d);
  group.forEach((index, row) => {
    for (let column = 0; column < d; column++) {
      values[row * d + column] = centres[index]![column]! + random.normal();
    }
  });
  return { rows: matrix(values, group.length, d), group };
}
