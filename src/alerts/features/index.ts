export { alertFeatures, type AlertFeatureInput, type AlertFeatures } from './alertFeatures';
export {
  alertFeatureDefinitions,
  alertFeatureNames,
  featureColumns,
  graphFeatureDefinitions,
  graphFeatureNames,
  standingColumns,
  type FeatureDefinition,
} from './definitions';
export {
  featureSpaceFromBytes,
  featureSpaceFromFiles,
  fitFeatureSpace,
  type FeatureSpace,
  type FeatureSpaceFiles,
  type FeatureSpaceOptions,
} from './featureSpace';
export { graphFeatures } from './graphFeatures';
export { graphFeaturesOf } from './storedGraphFeatures';
export { fitNameEmbedding, nameEmbeddingFromBytes, type NameEmbedding } from './nameEmbedding';
