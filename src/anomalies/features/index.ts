export { choosePairs, type ChosenPairs } from './choosePairs';
export { computeFeatures, type InstanceSeries } from './computeFeatures';
export { deriveFeatureSet } from './deriveFeatureSet';
export {
  decodeFeatureSet,
  defaultBusinessHours,
  encodeFeatureSet,
  featureSetFor,
  type FeatureSetOptions,
} from './featureSet';
export { FeatureWindow, lateMinutes } from './featureWindow';
export { byInstance, valueColumns, type InstanceFeatures } from './instanceFeatures';
export {
  judgedFeatures,
  readTrainingFeatures,
  type TrainingFeatures,
  type TrainingQuery,
} from './readTrainingFeatures';
export type { MinuteLogs } from './recentLogs';
