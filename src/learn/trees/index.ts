export { checkFeatures, quantileBins, type BinnedMatrix, type BinOptions } from './bins';
export { ensembleFromBytes, ensembleToBytes, treeCount, type TreeEnsemble } from './ensemble';
export type { Evaluation } from './evaluation';
export {
  fitGradientBoosting,
  gradientBoostingFromBytes,
  type FitOptions,
  type FittedGradientBoosting,
  type LabelledRows,
} from './gradientBoosting';
export { importance, type ImportanceKind } from './importance';
export {
  defaultOptions,
  type EarlyStopping,
  type EvaluationMetric,
  type GradientBoostingOptions,
} from './options';
export { permutationImportance } from './permutationImportance';
export { predictMargins, predictMarginsOnThreads, probabilitiesOf } from './predictMargins';
export { treeContributions } from './treeShap';
export { fromXgboostJson, toXgboostJson } from './xgboostJson';
