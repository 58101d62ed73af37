export * from './aliases';
export * from './embedders';
export * from './experiments';
export * from './gate';
export { ModelCache, type LoadedModel } from './modelCache';
export {
  alertScope,
  anomalyScope,
  compareVersions,
  decodeSegment,
  embedderScope,
  encodeSegment,
  techCenterScope,
} from './paths';
export * from './promote';
export { publishVersion, type ModelFile, type NewVersion } from './publish';
export {
  readVersion,
  resolveModel,
  type Fallback,
  type RegistryPlatform,
  type ResolvedModel,
} from './resolve';
export * from './versions';
