import type { DetectorEntry } from '../detector';
import { extendedIsolationForest } from './extendedIsolationForest';
import { isolationForest } from './isolationForest';
import { isolationForestFromBytes } from './fittedIsolationForest';

export {
  confidenceBand,
  confidenceBandEdges,
  confidenceBands,
  confidenceOf,
  type ConfidenceBand,
} from './confidenceBand';
export type { ExtendedIsolationForestOptions } from './extendedIsolationForest';
export type { FittedIsolationForest, IsolationForestState } from './fittedIsolationForest';
export { fitIsolationForest, isolationForest, type IsolationForestOptions } from './isolationForest';
export { isolationForestFromBytes } from './fittedIsolationForest';
export type { IsolationTrees } from './isolationTrees';

/** Detectors by random splits. */
export const isolationDetectors: readonly DetectorEntry[] = [
  { detector: isolationForest, fromBytes: isolationForestFromBytes },
  extendedIsolationForest,
];
