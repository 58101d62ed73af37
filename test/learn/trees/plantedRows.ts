import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';

export interface PlantedRows {
  readonly data: Matrix;
  readonly labels: Uint8Array;
}

/**
 * Rows whose label hangs on an interaction of the first two columns, on a third one of few values, and on whether
 * the fourth is missing; the other columns are noise. A tenth of all values is missing.
 */
export function plantedRows(n: number, d: number, seed: number): PlantedRows {
  const random = seededRandom(seed);
  const values = new Float32Array(n * d);
  const labels = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    const at = row * d;
    for (let column = 0; column < d; column++) values[at + column] = random.normal();
    values[at + 2] = random.integer(4);
    let margin = 2 * values[at]! * values[at + 1]! + 1.5 * (values[at + 2]! - 1.5) - 1;
    for (let column = 0; column < d; column++) {
      if (random.next() >= 0.1) continue;
      values[at + column] = NaN;
      if (column === 3) margin += 3;
    }
    labels[row] = random.next() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  }
  return { data: matrix(values, n, d), labels };
}
