/** Position of the first time at or after `ms` among ascending ones; their number when there is none. */
export function firstFrom(atMs: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (atMs[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
