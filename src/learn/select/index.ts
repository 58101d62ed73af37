export {
  calibrate,
  fitIsotonic,
  fitPlatt,
  type Calibration,
  type IsotonicCalibration,
  type PlattCalibration,
} from './calibration';
export { crossValidate, type CrossValidation } from './crossValidate';
export { expectedCostThreshold, type CostThreshold, type MistakeCosts } from './expectedCostThreshold';
export type { Fold, Splits } from './folds';
export { groupedTimeFolds, type GroupedTimeOptions } from './groupedTimeFolds';
export { searchParameters, type SearchOptions, type SearchResult } from './searchParameters';
export type { ParameterRange, Parameters, ParameterValue, SearchSpace } from './searchSpace';
export { stratifiedRandomFolds } from './stratifiedRandomFolds';
