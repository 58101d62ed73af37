import type { Matrix } from '../../../src/learn/matrix';

/** Mutual reachability by comparing all pairs, and the weight of its spanning tree by Prim's algorithm. */
export interface NaiveReachability {
  readonly totalWeight: number;
  reach(a: number, b: number): number;
}

export function naiveReachability({ values, n, d }: Matrix, minSamples: number): NaiveReachability {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let column = 0; column < d; column++)
      sum += (values[a * d + column]! - values[b * d + column]!) ** 2;
    return Math.sqrt(sum);
  };
  const cores = Float64Array.from({ length: n }, (_, row) => {
    const toOthers = Float64Array.from({ length: n }, (_, other) => distance(row, other)).sort();
    return toOthers[Math.min(minSamples, n - 1)]!;
  });
  const reach = (a: number, b: number): number => Math.max(distance(a, b), cores[a]!, cores[b]!);

  const nearest = new Float64Array(n).fill(Infinity);
  const isIn = new Uint8Array(n);
  let totalWeight = 0;
  let current = 0;
  for (let edge = 1; edge < n; edge++) {
    isIn[current] = 1;
    let next = -1;
    for (let other = 0; other < n; other++) {
      if (isIn[other] === 1) continue;
      nearest[other] = Math.min(nearest[other]!, reach(current, other));
      if (next < 0 || nearest[other]! < nearest[next]!) next = other;
    }
    totalWeight += nearest[next]!;
    current = next;
  }
  return { totalWeight, reach };
}
