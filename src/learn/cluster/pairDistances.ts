import type { Matrix } from '../matrix';
import type { AgglomerativeOptions } from './agglomerative';

/** Distances of rows a < b, at `pairIndex(n, a, b)`. */
export function pairDistances({ values, n, d }: Matrix, { metric }: AgglomerativeOptions): Float64Array {
  const pairs = new Float64Array((n * (n - 1)) / 2);
  const norms = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let column = row * d; column < (row + 1) * d; column++) sum += values[column]! ** 2;
    norms[row] = Math.sqrt(sum);
  }
  let pair = 0;
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      let sum = 0;
      if (metric === 'cosine') {
        for (let column = 0; column < d; column++) sum += values[a * d + column]! * values[b * d + column]!;
        const scale = norms[a]! * norms[b]!;
        pairs[pair++] = scale === 0 ? 1 : Math.max(0, 1 - sum / scale);
      } else {
        for (let column = 0; column < d; column++) {
          const difference = values[a * d + column]! - values[b * d + column]!;
          sum += difference * difference;
        }
        pairs[pair++] = Math.sqrt(sum);
      }
    }
  }
  return pairs;
}

export function pairIndex(n: number, a: number, b: number): number {
  const low = a < b ? a : b;
  const high = a < b ? b : a;
  return low * n - (low * (low + 1)) / 2 + (high - low - 1);
}
