import { requireOption } from './detectorOptions';

/** Share of training rows that a detector calls anomalies where nothing else is known. */
export const defaultContamination = 0.05;

/** @throws PARAMETER_INVALID unless above 0 and at most a half. */
export function requireContamination(contamination: number): void {
  const holds = contamination > 0 && contamination <= 0.5;
  requireOption('contamination', contamination, holds, 'a number above 0 and at most 0.5');
}

/** The threshold that the share `contamination` of the training scores lies above. */
export function contaminationThreshold(scores: Float64Array, contamination: number): number {
  return quantileOf(scores, 1 - contamination);
}

/** Quantile with linear interpolation between neighbours, as in NumPy. @param share from 0 to 1. */
export function quantileOf(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return quantileOfSorted(sorted, share);
}

export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}
