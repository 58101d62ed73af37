import type {
  AnomalyScore,
  ChangeEvent,
  ClusteringPrediction,
  Incident,
  LogEvent,
  LogTemplate,
  MaintenanceWindow,
  MetricPoint,
  PipelineRun,
  PreprocessedIncident,
  QuarantinedRow,
  Review,
  ReviewItem,
  StoredAlert,
} from '../../src/contracts';

/** Whole rows from the few fields that a test is about. */
export function incidentRow(fields: Partial<Incident> = {}): Incident {
  return {
    number: 'INC0000001',
    shortDescription: 'VPN drops every hour',
    description: 'The VPN client disconnects and asks for the password again.',
    sysCreatedOn: '2026-07-01T08:00:00.000000Z',
    techCenter: 'Service Desk',
    priority: '3',
    assignmentGroup: 'Network',
    state: 'Closed',
    resolvedAt: '2026-07-02T09:30:00.250000Z',
    closeNotes: 'Renewed the certificate.',
    ...fields,
  };
}

export function preprocessedRow(fields: Partial<PreprocessedIncident> = {}): PreprocessedIncident {
  return {
    number: 'INC0000001',
    sysCreatedOn: '2026-07-01T08:00:00.000000Z',
    combinedIncidentsSummary: 'VPN drops every hour',
    embedding: Float32Array.of(0.1, -0.2, 0.3),
    embeddingModel: 'local@1',
    techCenter: 'Service Desk',
    processedAt: '2026-07-01T09:00:00.000000Z',
    ...fields,
  };
}

export function predictionRow(fields: Partial<ClusteringPrediction> = {}): ClusteringPrediction {
  return {
    number: 'INC0000001',
    sysCreatedOn: '2026-07-01T08:00:00.000000Z',
    predictedCluster: 4,
    clusterTopic: 'VPN disconnects',
    domainName: 'Network',
    confidenceScore: 0.875,
    techCenter: 'Service Desk',
    modelVersion: '2026/q3/r1',
    predictedAt: '2026-07-01T10:00:00.000000Z',
    ...fields,
  };
}

export function quarantinedRow(fields: Partial<QuarantinedRow> = {}): QuarantinedRow {
  return {
    source: 'preprocess',
    key: 'INC0000001',
    reasonCode: 'TEXT_EMPTY',
    detail: 'no text is left after cleaning',
    rowJson: '{"number":"INC0000001"}',
    at: '2026-07-01T09:00:00.000000Z',
    ...fields,
  };
}

export function runRow(fields: Partial<PipelineRun> = {}): PipelineRun {
  return {
    runId: 'run-1',
    pipeline: 'preprocess',
    scope: 'Service Desk',
    status: 'ok',
    counts: { read: 10, stored: 9 },
    startedAt: '2026-07-01T09:00:00.000000Z',
    finishedAt: '2026-07-01T09:00:05.000000Z',
    errorCode: null,
    detail: null,
    ...fields,
  };
}

/** `INC0000042` for 42: as wide as the numbers of the tables, so that their order is that of the integers. */
export function ticketNumber(index: number): string {
  return `INC${String(index).padStart(7, '0')}`;
}

export function metricPoint(fields: Partial<MetricPoint> = {}): MetricPoint {
  return {
    instance: 'web-1',
    metric: 'cpu',
    at: '2026-07-01T08:00:00.000000Z',
    value: 0.5,
    kind: 'gauge',
    unit: '1',
    batchId: 'b-1',
    arrivedAt: '2026-07-01T08:00:30.000000Z',
    ...fields,
  };
}

export function logEvent(fields: Partial<LogEvent> = {}): LogEvent {
  return {
    recordId: 'b-1-0',
    instance: 'web-1',
    at: '2026-07-01T08:00:00.000000Z',
    level: 'error',
    source: 'sshd',
    message: 'connection refused',
    templateId: 't-1',
    metadataJson: '{"port":22}',
    batchId: 'b-1',
    arrivedAt: '2026-07-01T08:00:30.000000Z',
    ...fields,
  };
}

export function logTemplate(fields: Partial<LogTemplate> = {}): LogTemplate {
  return {
    templateId: 't-1',
    version: 1,
    template: 'connection refused',
    firstSeenAt: '2026-07-01T08:00:00.000000Z',
    firstInstance: 'web-1',
    updatedAt: '2026-07-01T08:01:00.000000Z',
    ...fields,
  };
}

export function anomalyScore(fields: Partial<AnomalyScore> = {}): AnomalyScore {
  return {
    instance: 'web-1',
    at: '2026-07-01T08:00:00.000000Z',
    model: 'xgboost_anomaly',
    modelVersion: '2026/q3/r1',
    role: 'champion',
    unit: 'web-1',
    score: 0.875,
    label: 1,
    confidence: 0.875,
    threshold: 0.5,
    contributionsJson: '[]',
    latencyMs: 1.25,
    scoredAt: '2026-07-01T08:00:30.000000Z',
    ...fields,
  };
}

export function reviewItemRow(fields: Partial<ReviewItem> = {}): ReviewItem {
  return {
    itemId: 'i-1',
    instance: 'web-1',
    at: '2026-07-01T08:00:00.000000Z',
    isolationScore: -0.25,
    band: 'low',
    probability: 0.5,
    reason: 'low-confidence',
    explanation: 'the forest is unsure',
    priority: 0.5,
    roundId: 'round-1',
    pickedAt: '2026-07-01T09:00:00.000000Z',
    ...fields,
  };
}

export function reviewRow(fields: Partial<Review> = {}): Review {
  return {
    reviewId: 'r-1',
    itemId: 'i-1',
    instance: 'web-1',
    at: '2026-07-01T08:00:00.000000Z',
    reviewer: 'ada',
    verdict: 'anomaly',
    undoes: null,
    note: null,
    secondsSpent: 12.5,
    reviewedAt: '2026-07-01T10:00:00.000000Z',
    ...fields,
  };
}

export function storedAlertRow(fields: Partial<StoredAlert> = {}): StoredAlert {
  return {
    id: 'alert-1',
    source: 'csv',
    name: 'HighLatency',
    service: 'checkout',
    resource: 'pod-7',
    severity: 'high',
    status: 'firing',
    startsAt: '2026-07-01T08:00:00.000000Z',
    endsAt: null,
    labels: { team: 'shop' },
    description: 'p99 over 2 s',
    fingerprint: 'f-1',
    saidAt: '2026-07-01T08:00:00.000000Z',
    arrivedAt: '2026-07-01T08:00:00.000000Z',
    batchId: 'b-1',
    ...fields,
  };
}

export function maintenanceWindowRow(fields: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  return {
    windowId: 'w-1',
    reason: 'database upgrade',
    services: ['orders-db'],
    teams: [],
    matchers: [],
    startsAt: '2026-07-01T08:00:00.000000Z',
    endsAt: '2026-07-01T10:00:00.000000Z',
    createdBy: 'ann',
    createdAt: '2026-06-30T08:00:00.000000Z',
    endedBy: null,
    ...fields,
  };
}

export function changeEventRow(fields: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    changeId: 'c-1',
    source: 'plain',
    kind: 'deployment',
    service: 'checkout',
    title: 'checkout 1.8.2',
    description: '',
    version: '1.8.2',
    status: 'success',
    at: '2026-07-01T08:00:00.000000Z',
    finishedAt: '2026-07-01T08:02:00.000000Z',
    author: 'ann',
    url: 'https://ci.example.org/7',
    labels: { env: 'prod' },
    arrivedAt: '2026-07-01T08:02:01.000000Z',
    ...fields,
  };
}
