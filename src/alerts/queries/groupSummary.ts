import type {
  AlertGroupingRun,
  AlertGroupingRunSummary,
  AlertGroupSummary,
  StoredAlertGroup,
} from '../../contracts';
import type { AlertGroupDocument } from '../run/groupDocument';

/** Rows of groups and runs in the words of the HTTP answers. */

export function groupSummary(
  group: StoredAlertGroup,
  document: AlertGroupDocument,
  { rank, feedback }: { readonly rank: number; readonly feedback: number },
): AlertGroupSummary {
  const { groupId, rootCause, rootScore } = group;
  return {
    id: groupId,
    rank,
    name: group.name,
    namedBy: group.namedBy === 'language-model' ? 'language-model' : 'rules',
    importance: group.importance,
    importanceParts: document.importanceParts,
    severity: group.severity,
    state: group.state === 'open' ? 'open' : 'resolved',
    startedAt: group.startedAt,
    lastAt: group.lastAt,
    endedAt: group.endedAt,
    alerts: group.alerts,
    primaries: group.primaries,
    duplicates: group.duplicates,
    symptoms: group.symptoms,
    services: group.services,
    topServices: document.topServices,
    topAlertNames: document.topAlertNames,
    rootCause:
      rootCause === null
        ? null
        : { id: rootCause, name: document.causes[0]?.name ?? rootCause, score: rootScore ?? 0 },
    kinds: document.kinds,
    feedback,
    supersededBy: group.supersededBy,
  };
}

export function runSummary(run: AlertGroupingRun): AlertGroupingRunSummary {
  const { runId, runAt, alerts, groups, primaries, duplicates, symptoms } = run;
  return {
    runId,
    at: runAt,
    alerts,
    groups,
    primaries,
    duplicates,
    symptoms,
    unmapped: run.unmapped,
    suppressed: run.suppressed,
    outliers: run.outliers,
    noiseReduction: alerts === 0 ? null : 1 - groups / alerts,
    modelVersion: run.modelVersion,
    graphVersion: run.graphVersion,
  };
}
