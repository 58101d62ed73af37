import type { DetectorEntry } from '../detector';
import { medianAbsoluteDeviation, zScore } from './centerAndSpread';
import { ewma } from './ewma';
import { holtWinters } from './holtWinters';
import { matrixProfileDetector } from './matrixProfile';
import { novelty } from './novelty/novelty';
import { seasonalResidual } from './seasonalResidual';

/** Detectors that follow each column's own level, spread and season. */
export const statisticalDetectors: readonly DetectorEntry[] = [
  zScore,
  medianAbsoluteDeviation,
  ewma,
  holtWinters,
  seasonalResidual,
  matrixProfileDetector,
  novelty,
];
