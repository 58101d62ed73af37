import type { DetectorEntry } from '../detector';
import { halfSpaceTrees } from './halfSpaceTrees';
import { randomCutForest } from './randomCutForest';

export type { HalfSpaceTreesOptions } from './halfSpaceTrees';
export type { RandomCutForestOptions } from './randomCutForest';

/** Detectors that learn from every row they score. */
export const streamingDetectors: readonly DetectorEntry[] = [randomCutForest, halfSpaceTrees];
