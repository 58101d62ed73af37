import type { AlertGroupingRun } from '../../contracts';
import type { GroupingResults } from '../results/groupingResults';
import { consolidatedRows, deduplicatedRows } from './alertRows';
import { closedGroups } from './closedGroups';
import { groupRows, supersededRows } from './groupRows';
import type { ResultRowsInput } from './resultRowsInput';
import { clusterRows, mappingRows } from './statisticRows';

/** A grouping as rows of the tables. The same grouping gives the same rows. */
export function resultRows(input: ResultRowsInput): GroupingResults {
  const { result, identities, runId, runAt } = input;
  const consolidated = consolidatedRows(input);
  const groups = groupRows(input);
  const deduplicated = deduplicatedRows(input);
  const counts = countsOf(input);
  const run: AlertGroupingRun = {
    runId,
    runAt,
    scope: input.scope,
    ...counts,
    modelVersion: input.modelVersion,
    graphVersion: result.index.graph.version,
    metadataJson: JSON.stringify({
      runId,
      runAt,
      counts,
      noiseReduction: counts.alerts === 0 ? null : 1 - counts.groups / counts.alerts,
      ...input.metadata,
    }),
    clusteringStatisticsJson: JSON.stringify(input.clusteringStatistics, null, 2),
    finishedAt: input.finishedAt,
  };
  const superseded = supersededRows(identities, { runId, runAt }, groups.length);
  const all = [...groups, ...superseded];
  const { before } = input;
  return {
    run,
    consolidated,
    groups: all,
    closed: before
      ? closedGroups({
          runId,
          runAt,
          scope: input.scope,
          longestOpenHours: before.longestOpenHours,
          earlier: before.groups,
          alerts: result.enriched.map(({ alert }) => alert),
          previousGroups: before.members,
          groups: all,
        })
      : [],
    clusters: clusterRows(input),
    deduplicated,
    mappingStatistics: mappingRows(input),
  };
}

export type GroupingCounts = Pick<
  AlertGroupingRun,
  'alerts' | 'groups' | 'primaries' | 'duplicates' | 'symptoms' | 'unmapped' | 'suppressed' | 'outliers'
>;

function countsOf({ result }: ResultRowsInput): GroupingCounts {
  const of = (wanted: string): number =>
    result.role.reduce((sum, role) => sum + (role === wanted ? 1 : 0), 0);
  return {
    alerts: result.enriched.length,
    groups: result.groups,
    primaries: of('primary'),
    duplicates: of('duplicate'),
    symptoms: of('symptom'),
    unmapped: result.mapping.unmapped,
    suppressed: result.suppressedAlerts,
    outliers: result.kinds?.outlier.reduce((sum, outlier) => sum + outlier, 0) ?? 0,
  };
}
