export { addPiecewiseLinear, addPlatt } from './calibration';
export { addCategoryTable, type CategoryDescriptions } from './categoryTables';
export {
  addClassification,
  addFeatures,
  classifierInput,
  classifierLabel,
  classifierProbabilities,
} from './classifier';
export { addDecisionTrees, type DecisionTrees } from './decisionTrees';
export {
  addAbsolute,
  addColumns,
  addImputation,
  addLinear,
  addLogarithm,
  addRowMean,
  addSideBySide,
  addSigmoid,
  addStandardization,
  type Standardization,
} from './elementwise';
export { addIsolationForest, type IsolationTrees } from './isolationForest';
export {
  OnnxGraphBuilder,
  onnxMlDomain,
  type OnnxAttribute,
  type OnnxElement,
  type OnnxShape,
} from './onnxGraphBuilder';
export { readOnnxMetadata, type OnnxMetadata } from './onnxMetadata';
export { addPcaError, type PcaErrorModel } from './pcaError';
export { addSymmetricBoosting, symmetricBoostingOnnx, type SymmetricModel } from './symmetricBoosting';
export {
  addProbability,
  addTreeEnsemble,
  treeEnsembleOnnx,
  type BoostedTrees,
  type ClassifierOnnxOptions,
  type OnnxCalibration,
} from './treeEnsemble';
