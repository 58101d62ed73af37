import type { DetectorEntry } from '../detector';

/** Detectors that follow each column's own level, spread and season. */
export const statisticalDetectors: readonly DetectorEntry[] = [];
