export { computeFeatures, type InstanceSeries } from './computeFeatures';
export {
  decodeFeatureSet,
  defaultBusinessHours,
  encodeFeatureSet,
  featureSetFor,
  type FeatureSetOptions,
} from './featureSet';
export { FeatureWindow, lateMinutes } from './featureWindow';
export type { MinuteLogs } from './recentLogs';
