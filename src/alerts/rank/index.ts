export { rankGroups, type LikelyCause, type RankedGroup, type RankingInput } from './rankGroups';
export { likelyRoots, type LikelyRoot, type Symptoms } from './likelyRoots';
export type { MetricAnomalies, MetricAnomaly, NodeAnomaly, ServiceChange } from './facts';
export type { AlertHistory } from './importance';
