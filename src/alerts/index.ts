export { readServiceGraph, type ReadServiceGraph } from './graph/readServiceGraph';
export { readServiceGraphFile } from './graph/readServiceGraphFile';
export type { EdgeEnds, Listed, ServiceGraphReport } from './graph/graphReport';
export { collectAlerts, type CollectedAlerts } from './ingest/collectAlerts';
export { parseAlertColumnMap } from './ingest/csv/columns';
export {
  readAlertCsv,
  type AlertBatch,
  type AlertFile,
  type AlertFileOptions,
  type AlertFileReport,
  type RejectedAlertRow,
} from './ingest/csv/readAlertCsv';
