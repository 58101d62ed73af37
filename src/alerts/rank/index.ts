export { rankGroups, type LikelyCause, type RankedGroup, type RankingInput } from './rankGroups';
export { likelyRoots, type LikelyRoot, type Symptoms } from './likelyRoots';
export {
  metricAnomalies,
  type MetricAnomalies,
  type MetricAnomaly,
  type NodeAnomaly,
  type NodeMetric,
} from './metrics/metricAnomalies';
export type { ServiceChange } from './facts';
export type { AlertHistory } from './importance';
export { median } from './metrics/runningMedian';
export { rootMethods, type RootMethod, type RootMethodName, type ScoredNode } from './rootMethods';
export { instanceNodes } from './metrics/instanceNodes';
export { metricSeries, type MetricSeries } from './metrics/metricSeries';
export {
  historyMs,
  stormMetrics,
  type MetricsOfStorm,
  type Storm,
  type StormMetrics,
  type StormRows,
} from './metrics/stormMetrics';
export { mostNamedGroups, nameByLanguageModel, type NamedGroups } from './nameByLanguageModel';
