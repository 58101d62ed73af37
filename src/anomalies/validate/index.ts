export {
  checkWeights,
  joinChecks,
  qualityRow,
  scoreOf,
  type CheckName,
  type QualityCheck,
  type QualityReport,
} from './quality';
export { learnUsualRanges, type MetricGrid, type UsualRanges } from './usualRanges';
export {
  featureQuarantineSource,
  quarantinedPoints,
  validateBatch,
  type BatchReport,
  type RawPoint,
  type RejectedPoint,
  type RejectionCode,
  type ValidPoint,
} from './validateBatch';
export { validateSeries, type BadStretch, type SeriesReport } from './validateSeries';
