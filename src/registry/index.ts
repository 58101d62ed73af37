export * from './gate';
export { decodeSegment, embedderScope, encodeSegment, techCenterScope, compareVersions } from './paths';
export * from './promote';
export { publishVersion, type ModelFile, type NewVersion } from './publish';
export { resolveModel, type Fallback, type RegistryPlatform, type ResolvedModel } from './resolve';
export * from './versions';
