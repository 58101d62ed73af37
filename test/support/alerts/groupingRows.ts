import type {
  AlertGroupingRun,
  AlertMappingStatistic,
  ConsolidatedAlert,
  DeduplicatedAlert,
  StoredAlertCluster,
  StoredAlertGroup,
  StoredGroupFeedback,
} from '../../../src/contracts';

/** Rows of grouping results, complete and ordinary but for what a test changes. */

const runId = 'run-1';
const runAt = '2026-07-01T09:00:00.000000Z';

export function consolidatedAlert(change: Partial<ConsolidatedAlert> = {}): ConsolidatedAlert {
  return {
    runId,
    runAt,
    alertId: 'a1',
    source: 'alertmanager',
    name: 'HighLatency',
    service: 'checkout',
    resource: null,
    severity: 'critical',
    status: 'firing',
    startsAt: '2026-07-01T08:50:00.000000Z',
    endsAt: null,
    description: 'slow',
    labelsJson: '{"env":"prod"}',
    fingerprint: 'f1',
    node: 'checkout',
    mappingMethod: 'exact',
    mappingConfidence: 1,
    mappingScore: 10,
    mappingMatched: 'service is the id of a node',
    dependents: 3,
    blastRadius: 0.25,
    pathToCritical: 'checkout > front',
    groupId: 'g-aaaaaa',
    role: 'primary',
    primaryId: 'a1',
    reason: 'first of its condition',
    cluster: 2,
    clusterConfidence: 0.75,
    outlier: 0,
    ...change,
  };
}

export function storedGroup(change: Partial<StoredAlertGroup> = {}): StoredAlertGroup {
  return {
    runId,
    runAt,
    groupId: 'g-aaaaaa',
    rank: 1,
    name: 'checkout: latency after payment errors',
    namedBy: 'rules',
    importance: 71.5,
    severity: 'critical',
    state: 'open',
    startedAt: '2026-07-01T08:50:00.000000Z',
    lastAt: '2026-07-01T08:58:00.000000Z',
    endedAt: null,
    alerts: 3,
    primaries: 1,
    duplicates: 1,
    symptoms: 1,
    services: 2,
    rootCause: 'payment',
    rootScore: 0.8,
    serviceIds: '\ncheckout\npayment\n',
    documentJson: '{}',
    supersededBy: null,
    ...change,
  };
}

export function storedCluster(change: Partial<StoredAlertCluster> = {}): StoredAlertCluster {
  return {
    runId,
    runAt,
    cluster: 0,
    label: 'latency of databases',
    alerts: 12,
    share: 0.4,
    meanConfidence: 0.8,
    mostCommonAlert: 'SlowStatements',
    mostCommonService: null,
    topAlertsJson: '[{"name":"SlowStatements","alerts":12}]',
    topServicesJson: '[]',
    severitiesJson: '{"warning":12}',
    ...change,
  };
}

export function deduplicatedAlert(change: Partial<DeduplicatedAlert> = {}): DeduplicatedAlert {
  return {
    runId,
    runAt,
    alertId: 'a1',
    groupId: 'g-aaaaaa',
    name: 'HighLatency',
    service: 'checkout',
    resource: null,
    node: 'checkout',
    severity: 'critical',
    status: 'firing',
    startsAt: '2026-07-01T08:50:00.000000Z',
    lastAt: '2026-07-01T08:58:00.000000Z',
    duplicates: 1,
    symptoms: 1,
    ...change,
  };
}

export function mappingStatistic(change: Partial<AlertMappingStatistic> = {}): AlertMappingStatistic {
  return {
    runId,
    runAt,
    source: 'alertmanager',
    method: 'exact',
    alerts: 3,
    share: 0.75,
    meanConfidence: 1,
    minimumConfidence: 1,
    ...change,
  };
}

export function groupingRun(change: Partial<AlertGroupingRun> = {}): AlertGroupingRun {
  return {
    runId,
    runAt,
    scope: 'all',
    alerts: 3,
    groups: 1,
    primaries: 1,
    duplicates: 1,
    symptoms: 1,
    unmapped: 0,
    suppressed: 0,
    outliers: 0,
    modelVersion: null,
    graphVersion: 'graph-1',
    metadataJson: '{}',
    clusteringStatisticsJson: '{}',
    finishedAt: '2026-07-01T09:00:05.000000Z',
    ...change,
  };
}

export function storedFeedback(change: Partial<StoredGroupFeedback> = {}): StoredGroupFeedback {
  return {
    feedbackId: 'feedback-1',
    groupId: 'g-aaaaaa',
    runId,
    kind: 'confirm',
    author: 'Ada',
    note: null,
    alertIdsJson: '[]',
    memberKeysJson: '["f1","f2"]',
    otherKeysJson: '[]',
    otherGroupId: null,
    cause: null,
    at: '2026-07-01T10:00:00.000000Z',
    ...change,
  };
}
