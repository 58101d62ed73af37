const eulerGamma = 0.5772156649015329;

/** Mean depth of an unsuccessful search in a binary search tree of `count` rows: c(n) of Liu, Ting and Zhou 2008. */
export function averagePathLength(count: number): number {
  if (count <= 1) return 0;
  if (count === 2) return 1;
  return 2 * (Math.log(count - 1) + eulerGamma) - (2 * (count - 1)) / count;
}
