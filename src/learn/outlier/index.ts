export type {
  Detector,
  DetectorDecoder,
  DetectorEntry,
  DetectorKind,
  FittedDetector,
  StreamingScorer,
} from './detector';
export { detectorByName, detectorFromBytes, detectors } from './detectors';
export {
  confidenceBand,
  confidenceBandEdges,
  confidenceBands,
  fitIsolationForest,
  isolationForestFromBytes,
  type ConfidenceBand,
  type FittedIsolationForest,
  type IsolationForestOptions,
  type IsolationTrees,
} from './isolation';
export {
  fitUnsupervisedScores,
  scoreColumnNames,
  scoreColumnsFromBytes,
  type FittedScoreColumns,
  type ScoreSubspace,
} from './scoreColumns';
export type { AutoOptions, DetectorChoice, FittedAuto, JudgedCandidate } from './choice';
export type { SmoothedOptions } from './smoothed';
export type { VotingEnsembleOptions } from './ensemble';
