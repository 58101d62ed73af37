import type { DetectorEntry } from '../detector';
import { dbscan } from './dbscan';
import { histogram } from './histogram';
import { localOutlierFactor } from './localOutlierFactor';
import { mahalanobis } from './mahalanobis';
import { nearestNeighborDistance } from './nearestNeighborDistance';
import { oneClassSvm } from './oneClassSvm';
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
  mahalanobis,
  oneClassSvm,
];
