import type { DetectorEntry } from '../detector';
import { dbscan } from './dbscan';
import { histogram } from './histogram';
import { localOutlierFactor } from './localOutlierFactor';
import { nearestNeighborDistance } from './nearestNeighborDistance';
import { reconstruction } from './reconstruction';
import { copod, ecod } from './tails';

/** Detectors by distance, density, projection and distribution. */
export const classicalDetectors: readonly DetectorEntry[] = [
  nearestNeighborDistance,
  localOutlierFactor,
  dbscan,
  reconstruction,
  ecod,
  copod,
  histogram,
];
