import type { DetectorEntry } from '../detector';

/** Detectors by distance, density, projection and distribution. */
export const classicalDetectors: readonly DetectorEntry[] = [];
