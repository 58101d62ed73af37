import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';
import { computeFeatures, featureSetFor } from '../../../src/anomalies/features';

/** One instance, six metrics driven by one load, and the same fault again and again. */
export const featureSet = featureSetFor(
  Array.from({ length: 6 }, (_, column) => ({ name: `m${column}`, kind: 'gauge' as const })),
);

export interface SyntheticRows {
  readonly rows: Matrix;
  readonly labels: Uint8Array;
  readonly instances: string[];
  readonly minutes: Float64Array;
}

export function syntheticRows(minutes: number, seed = 3): SyntheticRows {
  const random = seededRandom(seed);
  const d = 6;
  const values = new Float32Array(minutes * d);
  const labels = new Uint8Array(minutes);
  for (let minute = 0; minute < minutes; minute++) {
    const load = 1 + 0.5 * Math.sin(minute / 90);
    const faulty = minute % 400 >= 370;
    labels[minute] = faulty ? 1 : 0;
    for (let column = 0; column < d; column++) {
      const shift = faulty && column < 2 ? 1.5 : 0;
      const missing = random.next() < 0.002;
      values[minute * d + column] = missing
        ? Number.NaN
        : load * (column + 1) + shift + 0.1 * random.normal();
    }
  }
  return {
    rows: computeFeatures(featureSet, { startMinute: 0, values: matrix(values, minutes, d) }),
    labels,
    instances: Array.from({ length: minutes }, () => 'server'),
    minutes: Float64Array.from({ length: minutes }, (_, minute) => minute),
  };
}
