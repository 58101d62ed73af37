import { QuarterdeckError } from '../../contracts';

/** What a fit learns from beside the features. */
export interface Outcome {
  readonly labels: Uint8Array;
  readonly weights: Float32Array | undefined;
}

/**
 * @param labels n times 0 or 1; both must be there with some weight.
 * @throws DATA_RAGGED when lengths differ, LABELS_INVALID naming the row of a label that is neither 0 nor 1,
 *   LABELS_ONE_CLASS, DATA_NOT_FINITE or PARAMETER_INVALID naming the row of a weight that is not finite or is
 *   negative.
 */
export function checkOutcome(
  n: number,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): Outcome {
  requireLength('labels', labels, n);
  if (weights) requireLength('weights', weights, n);
  const massOf: [number, number] = [0, 0];
  for (let row = 0; row < n; row++) {
    const label = labels[row]!;
    if (label !== 0 && label !== 1) {
      throw new QuarterdeckError('LABELS_INVALID', `the label of row ${row} is ${label}, neither 0 nor 1`, {
        culprit: { row },
      });
    }
    const weight = weights ? weights[row]! : 1;
    if (!Number.isFinite(weight)) {
      throw new QuarterdeckError('DATA_NOT_FINITE', `the weight of row ${row} is ${weight}`, {
        culprit: { row, field: 'weight' },
      });
    }
    if (weight < 0) {
      throw new QuarterdeckError('PARAMETER_INVALID', `the weight of row ${row} is ${weight}`, {
        culprit: { option: 'weights', row },
      });
    }
    massOf[label] += weight;
  }
  if (massOf[0] === 0 || massOf[1] === 0) {
    const missing = massOf[1] === 0 ? 'positive' : 'negative';
    throw new QuarterdeckError(
      'LABELS_ONE_CLASS',
      `no row with weight is ${missing}: there is nothing to tell apart`,
    );
  }
  return { labels: Uint8Array.from(labels), weights: weights && Float32Array.from(weights) };
}

function requireLength(field: 'labels' | 'weights', values: ArrayLike<number>, n: number): void {
  if (values.length === n) return;
  throw new QuarterdeckError('DATA_RAGGED', `${values.length} ${field} for ${n} rows`, {
    culprit: { row: Math.min(values.length, n), field },
  });
}
