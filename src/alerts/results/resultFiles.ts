import type {
  AlertMappingStatistic,
  ConsolidatedAlert,
  DeduplicatedAlert,
  StoredAlertCluster,
  StoredAlertGroup,
} from '../../contracts';
import type { AlertGroupDocument } from '../run/groupDocument';
import { csvPieces, type CsvColumn } from './csvTable';
import type { GroupingResults } from './groupingResults';

/** The files of a run; docs/alerts.md says what each column means. */
export interface ResultFile {
  readonly name: string;
  /** The content, piece by piece; can be asked for again. */
  readonly pieces: () => Iterable<string>;
}

export const metadataFile = 'run_metadata.json';

/** All files of a run but its metadata, which names them. */
export function resultFiles(results: GroupingResults): ResultFile[] {
  const ranked = results.groups.filter(({ supersededBy }) => supersededBy === null);
  return [
    csvFile('alert_consolidation_final.csv', consolidationColumns, results.consolidated),
    csvFile('cluster_summary.csv', clusterColumns, results.clusters),
    csvFile('ranked_clusters.csv', groupColumns, ranked),
    csvFile('deduplicated_alerts.csv', deduplicatedColumns, results.deduplicated),
    {
      name: 'alerts_by_cluster_detailed.csv',
      pieces: () => csvPieces(detailColumns(results), inGroupOrder(results)),
    },
    { name: 'clustering_statistics.json', pieces: () => [`${results.run.clusteringStatisticsJson}\n`] },
    csvFile('mapping_statistics.csv', mappingColumns, results.mappingStatistics),
  ];
}

function csvFile<Row>(name: string, columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): ResultFile {
  return { name, pieces: () => csvPieces(columns, rows) };
}

const consolidationColumns: readonly CsvColumn<ConsolidatedAlert>[] = [
  ['alert_id', (row) => row.alertId],
  ['source', (row) => row.source],
  ['alert_name', (row) => row.name],
  ['service', (row) => row.service],
  ['resource', (row) => row.resource],
  ['severity', (row) => row.severity],
  ['status', (row) => row.status],
  ['start_time', (row) => row.startsAt],
  ['end_time', (row) => row.endsAt],
  ['description', (row) => row.description],
  ['labels', (row) => row.labelsJson],
  ['fingerprint', (row) => row.fingerprint],
  ['node', (row) => row.node],
  ['mapping_method', (row) => row.mappingMethod],
  ['mapping_confidence', (row) => row.mappingConfidence],
  ['mapping_score', (row) => row.mappingScore],
  ['mapping_reason', (row) => row.mappingMatched],
  ['dependents', (row) => row.dependents],
  ['blast_radius', (row) => row.blastRadius],
  ['path_to_critical', (row) => row.pathToCritical],
  ['group_id', (row) => row.groupId],
  ['role', (row) => row.role],
  ['primary_alert_id', (row) => row.primaryId],
  ['reason', (row) => row.reason],
];

const clusterColumns: readonly CsvColumn<StoredAlertCluster>[] = [
  ['cluster', (row) => row.cluster],
  ['label', (row) => row.label],
  ['alerts', (row) => row.alerts],
  ['share', (row) => row.share],
  ['mean_confidence', (row) => row.meanConfidence],
  ['most_common_alert', (row) => row.mostCommonAlert],
  ['most_common_service', (row) => row.mostCommonService],
  ['top_alerts', (row) => row.topAlertsJson],
  ['top_services', (row) => row.topServicesJson],
  ['severities', (row) => row.severitiesJson],
];

const groupColumns: readonly CsvColumn<StoredAlertGroup>[] = [
  ['rank', (row) => row.rank],
  ['group_id', (row) => row.groupId],
  ['group_name', (row) => row.name],
  ['named_by', (row) => row.namedBy],
  ['importance', (row) => row.importance],
  ['importance_parts', (row) => JSON.stringify(documentOf(row).importanceParts)],
  ['severity', (row) => row.severity],
  ['state', (row) => row.state],
  ['start_time', (row) => row.startedAt],
  ['last_start_time', (row) => row.lastAt],
  ['end_time', (row) => row.endedAt],
  ['alerts', (row) => row.alerts],
  ['primaries', (row) => row.primaries],
  ['duplicates', (row) => row.duplicates],
  ['symptoms', (row) => row.symptoms],
  ['services', (row) => row.services],
  ['root_cause', (row) => row.rootCause],
  ['root_cause_score', (row) => row.rootScore],
  ['root_cause_reasons', (row) => (documentOf(row).causes[0]?.reasons ?? []).join(' ')],
  ['other_causes', (row) => otherCauses(row)],
  ['top_services', (row) => JSON.stringify(documentOf(row).topServices)],
  ['top_alerts', (row) => JSON.stringify(documentOf(row).topAlertNames)],
  ['why_together', (row) => documentOf(row).evidenceSummary],
  [
    'changes',
    (row) =>
      documentOf(row)
        .changes.map(({ title }) => title)
        .join('; '),
  ],
];

const deduplicatedColumns: readonly CsvColumn<DeduplicatedAlert>[] = [
  ['alert_id', (row) => row.alertId],
  ['group_id', (row) => row.groupId],
  ['alert_name', (row) => row.name],
  ['service', (row) => row.service],
  ['resource', (row) => row.resource],
  ['node', (row) => row.node],
  ['severity', (row) => row.severity],
  ['status', (row) => row.status],
  ['start_time', (row) => row.startsAt],
  ['last_start_time', (row) => row.lastAt],
  ['duplicates', (row) => row.duplicates],
  ['symptoms', (row) => row.symptoms],
];

const mappingColumns: readonly CsvColumn<AlertMappingStatistic>[] = [
  ['source', (row) => row.source],
  ['method', (row) => row.method],
  ['alerts', (row) => row.alerts],
  ['share', (row) => row.share],
  ['mean_confidence', (row) => row.meanConfidence],
  ['minimum_confidence', (row) => row.minimumConfidence],
];

function detailColumns({ groups, clusters }: GroupingResults): CsvColumn<ConsolidatedAlert>[] {
  const groupOf = new Map(groups.map((group) => [group.groupId, group]));
  const labels = new Map(clusters.map(({ cluster, label }) => [cluster, label]));
  return [
    ['group_rank', (row) => groupOf.get(row.groupId ?? '')?.rank ?? null],
    ['group_id', (row) => row.groupId],
    ['group_name', (row) => groupOf.get(row.groupId ?? '')?.name ?? null],
    ['alert_id', (row) => row.alertId],
    ['alert_name', (row) => row.name],
    ['service', (row) => row.service],
    ['node', (row) => row.node],
    ['resource', (row) => row.resource],
    ['severity', (row) => row.severity],
    ['status', (row) => row.status],
    ['start_time', (row) => row.startsAt],
    ['end_time', (row) => row.endsAt],
    ['role', (row) => row.role],
    ['primary_alert_id', (row) => row.primaryId],
    ['reason', (row) => row.reason],
    ['cluster', (row) => row.cluster],
    ['cluster_label', (row) => (row.cluster === null ? null : (labels.get(row.cluster) ?? null))],
    ['cluster_confidence', (row) => row.clusterConfidence],
    ['outlier', (row) => row.outlier],
  ];
}

const roleOrder: Readonly<Record<ConsolidatedAlert['role'], number>> = {
  primary: 0,
  symptom: 1,
  duplicate: 2,
  suppressed: 3,
};

/** By the rank of their groups, primaries first; what is in no group comes last. */
function inGroupOrder({ groups, consolidated }: GroupingResults): ConsolidatedAlert[] {
  const rankOf = new Map(groups.map(({ groupId, rank }) => [groupId, rank]));
  const rank = (row: ConsolidatedAlert): number => rankOf.get(row.groupId ?? '') ?? Infinity;
  return consolidated.toSorted((a, b) => {
    const [rankA, rankB] = [rank(a), rank(b)];
    if (rankA !== rankB) return rankA - rankB;
    const byRole = roleOrder[a.role] - roleOrder[b.role];
    if (byRole !== 0) return byRole;
    if (a.startsAt !== b.startsAt) return a.startsAt < b.startsAt ? -1 : 1;
    return a.alertId < b.alertId ? -1 : 1;
  });
}

/** Our own writing of a few lines before: see `resultRows`. */
function documentOf({ documentJson }: StoredAlertGroup): AlertGroupDocument {
  return JSON.parse(documentJson) as AlertGroupDocument;
}

function otherCauses(row: StoredAlertGroup): string {
  return documentOf(row)
    .causes.slice(1)
    .map(({ id, score }) => `${id} ${score.toFixed(2)}`)
    .join('; ');
}
