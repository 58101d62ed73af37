/** One-sided 95 % of the normal distribution. */
const oneSided95 = 1.6449;

/**
 * The largest share that `part` of `whole` trials still bear out: upper end of the one-sided 95 % interval of a
 * binomial share (Wilson 1927). 1 where there were no trials.
 */
export function largestShare(part: number, whole: number): number {
  if (whole === 0) return 1;
  const share = part / whole;
  const square = oneSided95 ** 2;
  const reach = oneSided95 * Math.sqrt((share * (1 - share)) / whole + square / (4 * whole ** 2));
  return (share + square / (2 * whole) + reach) / (1 + square / whole);
}
