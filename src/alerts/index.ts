export { readServiceGraph, type ReadServiceGraph } from './graph/readServiceGraph';
export { readServiceGraphFile } from './graph/readServiceGraphFile';
export type { EdgeEnds, Listed, ServiceGraphReport } from './graph/graphReport';
export { collectAlerts, type CollectedAlerts } from './ingest/collectAlerts';
export { parseAlertColumnMap } from './ingest/csv/columns';
export { quarantineRows } from './ingest/csv/quarantineRows';
export {
  readAlertCsv,
  type AlertBatch,
  type AlertFile,
  type AlertFileOptions,
  type AlertFileReport,
  type RejectedAlertRow,
} from './ingest/csv/readAlertCsv';
export {
  consolidate,
  type ConsolidateOptions,
  type ConstraintConflict,
  type GroupEvidence,
  type Grouping,
  type LinkEvidence,
} from './consolidate';
export { deduplicate, type AlertRole, type DeduplicateOptions, type Deduplication } from './deduplicate';
export {
  demoAlertRules,
  generateServiceGraph,
  generateStorms,
  stormDefaults,
  type AlertRule,
  type GeneratedStorm,
  type GeneratedStorms,
  type ServiceGraphOptions,
  type StormOptions,
} from './demo';
export { constraintsFrom, type FeedbackAlert, type GroupFeedback, type PairConstraints } from './feedback';
export { currentServiceGraph, storeServiceGraph, type StoredServiceGraph } from './graph/storedGraph';
export { graphCoverage, type GraphCoverage } from './graph/graphCoverage';
export { putServiceGraph } from './graph/putServiceGraph';
export { suppressedBy, type SuppressionContext } from './maintenance/suppressedBy';
export { createMaintenanceWindow, endMaintenanceWindow, listMaintenanceWindows } from './maintenance/windows';
export {
  groupAlerts,
  type AlertGroupingResult,
  type GroupAlertsInput,
  type GroupingSettings,
} from './run/groupAlerts';
export { writeResults } from './results/writeResults';
export type { GroupingResults } from './results/groupingResults';
export { answerAlerts } from './ingest/answerAlerts';
export {
  alertBatchMessageSchema,
  ingestAlerts,
  workAlertBatch,
  type IncomingAlerts,
  type IngestedAlerts,
} from './ingest/ingestAlerts';
export { alertQuarantineSource } from './ingest/storeAlerts';
export { listChanges, receiveChanges } from './changes/receiveChanges';
export {
  alertClusterScope,
  currentAlertModel,
  placeAlerts,
  type AlertModel,
  type AlertModelMetadata,
  type PlacedAlerts,
} from './model';
export {
  archiveAlerts,
  promoteAlertModel,
  rollbackAlertModel,
  trainAlertClusters,
  trainingDue,
  trainWhenDue,
  type AlertTrainingReport,
} from './train';
export {
  enqueueAlertGrouping,
  groupMessageSchema,
  runAlertGrouping,
  type GroupMessage,
} from './run/runAlertGrouping';
export { groupAndStore, type GroupingRequest } from './run/groupAndStore';
export { latestMoment } from './run/latestMoment';
export { learnFirst } from './run/learnFirst';
export { alertGroupDetail } from './queries/alertGroupDetail';
export { alertGroupTimeline } from './queries/alertGroupTimeline';
export { comparePreviews, previewGrouping } from './queries/previewGrouping';
export { giveGroupFeedback } from './queries/giveGroupFeedback';
export { listAlertGroups } from './queries/listAlertGroups';
export { alertCsv, graphJson } from './demo/demoFiles';
