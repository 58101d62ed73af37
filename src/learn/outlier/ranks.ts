/** Ranks from 0 (lowest) to 1 (highest) of all values; equal values share their mean rank. One value alone gets a half. */
export function shareRanks(values: Float64Array): Float64Array {
  const order = new Uint32Array(values.length).map((_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  const last = values.length - 1;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    const rank = last > 0 ? (from + to - 1) / 2 / last : 0.5;
    for (; from < to; from++) ranks[order[from]!] = rank;
  }
  return ranks;
}

/** Pearson correlation; 0 where one side does not vary. Over ranks it is Spearman's. */
export function correlation(left: Float64Array, right: Float64Array): number {
  const meanOf = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)];
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let at = 0; at < left.length; at++) {
    const a = left[at]! - leftMean;
    const b = right[at]! - rightMean;
    product += a * b;
    leftSquare += a * a;
    rightSquare += b * b;
  }
  const size = Math.sqrt(leftSquare * rightSquare);
  return size > 0 ? product / size : 0;
}
