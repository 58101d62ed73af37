import { contingencyOf } from './contingency';

/**
 * The share of pairs on which two labellings agree, corrected for chance (Hubert and Arabie, 1985): 1 for the
 * same partition, about 0 for independent ones, negative for less agreement than chance.
 * @throws DATA_RAGGED, DATA_EMPTY
 */
export function adjustedRandIndex(a: Int32Array, b: Int32Array): number {
  const { n, rowSizes, columnSizes, cells } = contingencyOf(a, b);
  const together = cells.reduce((sum, { count }) => sum + pairs(count), 0);
  const inA = rowSizes.reduce((sum, size) => sum + pairs(size), 0);
  const inB = columnSizes.reduce((sum, size) => sum + pairs(size), 0);
  const all = pairs(n);
  const expected = all === 0 ? 0 : (inA * inB) / all;
  const maximum = (inA + inB) / 2;
  // Both labellings put everything together, or everything apart: they are the same partition.
  if (maximum === expected) return 1;
  return (together - expected) / (maximum - expected);
}

const pairs = (count: number): number => (count * (count - 1)) / 2;
