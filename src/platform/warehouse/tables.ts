import type {
  AnomalyScore,
  ClusteringPrediction,
  DataQuality,
  Incident,
  LogEvent,
  LogTemplate,
  MetricPoint,
  PipelineRun,
  PreprocessedIncident,
  QuarantinedRow,
  Review,
  ReviewItem,
  StoredExplanation,
  Watermark,
} from '../../contracts';
import {
  alertClustersTable,
  alertFeedbackTable,
  alertGroupingRunsTable,
  alertGroupsTable,
  alertMappingStatisticsTable,
  consolidatedAlertsTable,
  deduplicatedAlertsTable,
} from './alertGroupTables';
import { alertsTable, changeEventsTable, maintenanceWindowsTable } from './alertTables';
import { table, type Table } from './table';

export * from './alertGroupTables';
export * from './alertTables';
export { columnName, type Column, type ColumnKind, type Table, type TableId } from './table';

export const incidentsTable = table<Incident>(
  'incidents',
  {
    number: 'text',
    shortDescription: 'text',
    description: 'text',
    sysCreatedOn: 'timestamp',
    techCenter: 'text',
    priority: 'text?',
    assignmentGroup: 'text?',
    state: 'text?',
    resolvedAt: 'timestamp?',
    closeNotes: 'text?',
  },
  { key: ['number'], partitionBy: 'sysCreatedOn', clusterBy: ['techCenter'] },
);

export const preprocessedTable = table<PreprocessedIncident>(
  'preprocessed_incidents',
  {
    number: 'text',
    sysCreatedOn: 'timestamp',
    combinedIncidentsSummary: 'text',
    embedding: 'vector',
    embeddingModel: 'text',
    techCenter: 'text',
    processedAt: 'timestamp',
  },
  { key: ['number'], partitionBy: 'sysCreatedOn', clusterBy: ['techCenter'] },
);

export const watermarksTable = table<Watermark>(
  'preprocessing_watermarks',
  {
    techCenter: 'text',
    lastProcessedTimestamp: 'timestamp',
    lastProcessedNumber: 'text',
    updatedAt: 'timestamp',
  },
  { key: ['techCenter'], partitionBy: 'updatedAt', clusterBy: ['techCenter'] },
);

export const predictionsTable = table<ClusteringPrediction>(
  'clustering_predictions',
  {
    number: 'text',
    sysCreatedOn: 'timestamp',
    predictedCluster: 'integer',
    clusterTopic: 'text',
    domainName: 'text',
    confidenceScore: 'float',
    techCenter: 'text',
    modelVersion: 'text',
    predictedAt: 'timestamp',
  },
  { key: ['number', 'modelVersion'], partitionBy: 'sysCreatedOn', clusterBy: ['techCenter'] },
);

export const quarantineTable = table<QuarantinedRow>(
  'quarantined_rows',
  {
    source: 'text',
    key: 'text',
    reasonCode: 'text',
    detail: 'text',
    rowJson: 'text',
    at: 'timestamp',
  },
  { key: ['source', 'key'], partitionBy: 'at', clusterBy: ['source'] },
);

export const runsTable = table<PipelineRun>(
  'pipeline_runs',
  {
    runId: 'text',
    pipeline: 'text',
    scope: 'text',
    status: 'text',
    counts: 'counts',
    startedAt: 'timestamp',
    finishedAt: 'timestamp',
    errorCode: 'text?',
    detail: 'text?',
  },
  { key: ['runId'], partitionBy: 'startedAt', clusterBy: ['pipeline', 'scope'] },
);

export const metricPointsTable = table<MetricPoint>(
  'metric_points',
  {
    instance: 'text',
    metric: 'text',
    at: 'timestamp',
    value: 'float',
    kind: 'text',
    unit: 'text?',
    batchId: 'text',
    arrivedAt: 'timestamp',
  },
  {
    key: ['instance', 'metric', 'at'],
    partitionBy: 'at',
    clusterBy: ['instance', 'metric'],
    withoutIndex: true,
  },
);

export const logEventsTable = table<LogEvent>(
  'log_events',
  {
    recordId: 'text',
    instance: 'text',
    at: 'timestamp',
    level: 'text',
    source: 'text?',
    message: 'text',
    templateId: 'text',
    metadataJson: 'text',
    batchId: 'text',
    arrivedAt: 'timestamp',
  },
  { key: ['recordId'], partitionBy: 'at', clusterBy: ['instance'], withoutIndex: true },
);

export const logTemplatesTable = table<LogTemplate>(
  'log_templates',
  {
    templateId: 'text',
    version: 'integer',
    template: 'text',
    firstSeenAt: 'timestamp',
    firstInstance: 'text',
    updatedAt: 'timestamp',
  },
  { key: ['templateId'], partitionBy: 'firstSeenAt', clusterBy: ['templateId'] },
);

export const dataQualityTable = table<DataQuality>(
  'data_quality',
  {
    batchId: 'text',
    subject: 'text',
    scope: 'text',
    rows: 'integer',
    accepted: 'integer',
    quarantined: 'integer',
    score: 'float',
    checksJson: 'text',
    checkedAt: 'timestamp',
  },
  { key: ['batchId', 'subject', 'scope'], partitionBy: 'checkedAt', clusterBy: ['subject', 'scope'] },
);

export const anomalyScoresTable = table<AnomalyScore>(
  'anomaly_scores',
  {
    instance: 'text',
    at: 'timestamp',
    model: 'text',
    modelVersion: 'text',
    role: 'text',
    unit: 'text',
    score: 'float',
    label: 'integer',
    confidence: 'float',
    threshold: 'float',
    contributionsJson: 'text',
    latencyMs: 'float',
    scoredAt: 'timestamp',
  },
  {
    key: ['instance', 'at', 'model', 'modelVersion'],
    partitionBy: 'at',
    clusterBy: ['instance', 'model'],
  },
);

export const reviewItemsTable = table<ReviewItem>(
  'review_items',
  {
    itemId: 'text',
    instance: 'text',
    at: 'timestamp',
    isolationScore: 'float',
    band: 'text',
    probability: 'float?',
    reason: 'text',
    explanation: 'text',
    priority: 'float',
    roundId: 'text',
    pickedAt: 'timestamp',
  },
  { key: ['itemId'], partitionBy: 'pickedAt', clusterBy: ['roundId'] },
);

export const reviewsTable = table<Review>(
  'anomaly_reviews',
  {
    reviewId: 'text',
    itemId: 'text',
    instance: 'text',
    at: 'timestamp',
    reviewer: 'text',
    verdict: 'text?',
    undoes: 'text?',
    note: 'text?',
    secondsSpent: 'float?',
    reviewedAt: 'timestamp',
  },
  { key: ['reviewId'], partitionBy: 'reviewedAt', clusterBy: ['instance'] },
);

export const explanationsTable = table<StoredExplanation>(
  'anomaly_explanations',
  {
    explanationId: 'text',
    instance: 'text',
    at: 'timestamp',
    status: 'text',
    documentJson: 'text',
    requestedAt: 'timestamp',
    finishedAt: 'timestamp?',
    errorCode: 'text?',
  },
  { key: ['explanationId'], partitionBy: 'requestedAt', clusterBy: ['instance'] },
);

export const tables = [
  incidentsTable,
  preprocessedTable,
  watermarksTable,
  predictionsTable,
  quarantineTable,
  runsTable,
  metricPointsTable,
  logEventsTable,
  logTemplatesTable,
  dataQualityTable,
  anomalyScoresTable,
  reviewItemsTable,
  reviewsTable,
  explanationsTable,
  consolidatedAlertsTable,
  alertGroupsTable,
  alertClustersTable,
  deduplicatedAlertsTable,
  alertMappingStatisticsTable,
  alertGroupingRunsTable,
  alertFeedbackTable,
  alertsTable,
  maintenanceWindowsTable,
  changeEventsTable,
] as const;

/** Rows with one entry per key: of several with the same key the last one stays. */
export function lastPerKey<Row>(table: Table<Row>, rows: readonly Row[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) byKey.set(JSON.stringify(table.key.map((property) => row[property])), row);
  return byKey.size === rows.length ? [...rows] : [...byKey.values()];
}
