export { fitHdbscan } from './hdbscan';
export { hdbscanFromBytes, FittedHdbscan } from './fittedHdbscan';
export type { ClusterPredictions, NearestClusters } from './fittedHdbscan';
export type { HdbscanOptions } from './hdbscanOptions';
export type { CondensedTree } from './condensedTree';
export type { Membership } from './membership';
export type { SpanningTree } from './spanningTree';
