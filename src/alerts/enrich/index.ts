export { enrichAlerts, type EnrichedAlerts } from './enrichAlerts';
export { mappingMethods, type EnrichedAlert, type Mapping, type MappingMethod } from './mapping';
export { lowConfidence, type MappingStatistics } from './mappingStatistics';
export { businessWeight, isCritical, type NodeContext } from './nodeContext';
