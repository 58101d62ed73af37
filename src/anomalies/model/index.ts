export {
  anomalyModel,
  marginsOf,
  type AnomalyModel,
  type AnomalyModelParts,
  type BoostedModel,
} from './anomalyModel';
export {
  anomalyModelPaths,
  decodeAnomalyModel,
  decodeNative,
  encodeAnomalyModel,
  encodeNative,
} from './anomalyModelFiles';
export { anomalyModelOnnx } from './anomalyModelOnnx';
export { combinedScore, scoreWeightsFor, softplus, type Blend } from './blend';
export { featureRoles, givenScoreEnding, type FeatureRoles } from './featureRoles';
export { columnsOf, meansOfPresent } from './presentValues';
export {
  fitUnsupervisedStack,
  stackedScoreNames,
  type StackedScoreName,
  type UnsupervisedStack,
} from './unsupervisedStack';
